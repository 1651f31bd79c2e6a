// Filters, folds and copies on the page of one record; without this script everything is shown.
(() => {
  const tools = document.querySelector("form.tools");
  if (!tools) return;
  const findings = [...document.querySelectorAll(".findings article.finding")];
  const told = tools.querySelector("output");
  const show = () => {
    const severities = new Set([...tools.querySelectorAll("input[name=severity]:checked")].map((box) => box.value));
    const family = tools.elements.family.value;
    const text = tools.elements.text.value.trim().toLowerCase();
    let count = 0;
    for (const one of findings) {
      const on = severities.has(one.dataset.severity) && (!family || one.dataset.family === family)
        && (!text || one.textContent.toLowerCase().includes(text));
      one.hidden = !on;
      count += on;
    }
    for (const group of document.querySelectorAll(".findings .beneath, .findings .cluster")) {
      group.hidden = !group.querySelector("article.finding:not([hidden])");
    }
    told.textContent = count ? `${count} / ${findings.length}` : told.dataset.none;
  };
  tools.addEventListener("input", show);
  tools.addEventListener("submit", (event) => event.preventDefault());
  const fold = tools.querySelector("[data-fold]");
  fold.addEventListener("click", () => {
    const folded = document.body.classList.toggle("folded");
    fold.setAttribute("aria-pressed", String(folded));
  });
  const words = tools.querySelector("template").dataset;
  if (navigator.clipboard) {
    for (const ask of document.querySelectorAll(".ask")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = words.copy;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(ask.querySelector(".question").textContent.trim());
        button.textContent = words.copied;
        setTimeout(() => { button.textContent = words.copy; }, 1500);
      });
      ask.append(" ", button);
    }
  }
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      tools.reset();
      show();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  tools.hidden = false;
  show();
  reveal();
})();
