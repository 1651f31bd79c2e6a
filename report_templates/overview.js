// The tables of the overview: search, order and pages of a hundred rows. Without this script all rows are shown.
(() => {
  const PAGE = 100;
  const root = document.documentElement;
  root.classList.add("loading"); // the rows are not laid out before they have pages
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/ي/g, "ی").replace(/ك/g, "ک").replace(/\u200c/g, "")
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0);
  const order = new Intl.Collator(root.lang, { numeric: true, sensitivity: "base" });
  const number = new Intl.NumberFormat(root.lang);
  // Makes buttons of the column heads; calls show with the rows in the new order.
  const sortable = (table, rows, show) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const numeric = head.classList.contains("number");
      const read = (row) => {
        const text = row.cells[column].textContent.trim().slice(0, 200);
        return numeric ? parseFloat(fold(text).replace(/[,٬]/g, "").replace("٫", ".")) : fold(text);
      };
      let keys = null; // of all rows, read once
      const compare = numeric
        ? (a, b) => (Number.isNaN(b[0]) ? -1 : b[0]) - (Number.isNaN(a[0]) ? -1 : a[0])
        : (a, b) => order.compare(a[0], b[0]);
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      const directions = numeric ? ["descending", "ascending", "none"] : ["ascending", "descending", "none"];
      button.addEventListener("click", () => {
        const next = directions[(directions.indexOf(head.getAttribute("aria-sort") || "none") + 1) % 3];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (next === "none") return show(rows);
        head.setAttribute("aria-sort", next);
        keys ??= rows.map((row) => [read(row), row]);
        const sorted = [...keys].sort(compare);
        if (next !== directions[0]) sorted.reverse();
        show(sorted.map((pair) => pair[1]));
      });
    });
  };
  const ranked = (table) => {
    const tools = document.querySelector("form.tools");
    const pager = document.querySelector(".pager");
    const told = tools.querySelector("output");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    let ordered = rows, shown = rows, first = 0, texts = null;
    const draw = () => {
      body.replaceChildren(...shown.slice(first, first + PAGE));
      const last = Math.min(first + PAGE, shown.length);
      const place = `${number.format(first + 1)}–${number.format(last)} / ${number.format(shown.length)}`;
      told.textContent = shown.length ? place : told.dataset.none;
      pager.querySelector(".place").textContent = place;
      pager.hidden = shown.length <= PAGE;
      const [previous, next] = pager.querySelectorAll("button");
      previous.disabled = !first;
      next.disabled = last >= shown.length;
    };
    const find = () => {
      const words = fold(tools.elements.text.value).split(/\s+/).filter(Boolean);
      if (words.length && !texts) texts = new Map(rows.map((row) => [row, fold(`${row.textContent} ${row.dataset.codes}`)]));
      shown = words.length ? ordered.filter((row) => words.every((word) => texts.get(row).includes(word))) : ordered;
      first = 0;
      draw();
    };
    let wait;
    tools.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(find, 120); });
    tools.addEventListener("submit", (event) => { event.preventDefault(); find(); });
    pager.addEventListener("click", (event) => {
      const step = event.target.closest("button")?.dataset.step;
      if (!step) return;
      first += Number(step) * PAGE;
      draw();
      table.scrollIntoView();
    });
    for (const link of document.querySelectorAll("[data-find]")) {
      link.addEventListener("click", () => { tools.elements.text.value = link.dataset.find; find(); });
    }
    sortable(table, rows, (sorted) => { ordered = sorted; find(); });
    tools.hidden = false;
    find();
  };
  document.addEventListener("DOMContentLoaded", () => {
    try {
      for (const table of document.querySelectorAll("table[data-sortable]")) {
        if (table.id === "ranked") ranked(table);
        else sortable(table, [...table.tBodies[0].rows], (rows) => table.tBodies[0].replaceChildren(...rows));
      }
    } finally {
      root.classList.remove("loading");
    }
  });
  addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details")) one.open = true; });
})();
