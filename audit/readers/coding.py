"""A registry's wording of a coded field -> its neutral code, by word lists that are data."""

from audit.model.fold import fold

_WORDINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "recruitment_status": {
        "pending": ("pending", "not yet recruiting", "not_yet_recruiting", "not recruiting yet", "preinitiation", "در انتظار"),
        "recruiting": (
            "recruiting",
            "ongoing",
            "enrolling by invitation",
            "enrolling_by_invitation",
            "open to recruitment",
            "open public recruiting",
            "در حال بیمار گیری",
            "در حال بیمارگیری",
        ),
        "suspended": ("suspended", "temporarily halted", "متوقف شده موقت"),
        "complete": (
            "recruitment complete",
            "complete",
            "completed",
            "closed",
            "بیمار گیری تمام شده",
            "بیمارگیری تمام شده",
            "اتمام بیمار گیری",
        ),
        "closed": (
            "active, not recruiting",
            "active_not_recruiting",
            "closed to recruitment: follow up continuing",
            "closed to recruitment: follow up complete",
            "recruiting completed, follow-up continuing",
            "recruiting completed, follow-up complete",
            "no longer recruiting",
            "closed: follow-up continuing",
            "recruiting stopped, follow-up continuing",
            "enrollment closed",
        ),
        "terminated": ("terminated", "stopped", "stopped early", "prematurely ended", "متوقف شده"),
        "withdrawn": ("withdrawn",),
        "other": ("other", "سایر"),
    },
    "registration_timing": {
        "prospective": ("prospective", "آینده نگر"),
        "registered_while_recruiting": (
            "registered_while_recruiting",
            "registered while recruiting",
            "همزمان با بیمار گیری",
            "حین بیمار گیری",
        ),
        "retrospective": ("retrospective", "گذشته نگر"),
    },
    "study_type": {
        "interventional": (
            "interventional",
            "interventional study",
            "interventional clinical trial of medicinal product",
            "intervention",
            "treatment study",
            "مداخله ای",
        ),
        "expanded_access": ("expanded access", "expanded_access"),
        "observational": (
            "observational",
            "observational study",
            "observational [patient registry]",
            "epidemilogical research",
            "epidemiological research",
            "prognosis study",
            "مشاهده ای",
        ),
    },
    "purpose": {
        "treatment": ("treatment", "treatment purpose", "درمانی"),
        "supportive": ("supportive", "supportive care", "supportive_care", "حمایتی"),
        "prevention": ("prevention", "prevention purpose", "preventive", "prophylaxis", "پیشگیری"),
        "health_service_research": ("health service research", "health services research", "health_services_research"),
        "education": ("education/guidance", "education", "آموزشی/راهنمایی"),
        "diagnostic": ("diagnostic", "diagnosis", "diagnostic purpose", "تشخیصی"),
        "screening": ("screening", "غربالگری"),
        "basic_science": ("basic science", "basic_science", "علوم پایه"),
        "other": ("other", "سایر"),
    },
    "phase": {
        "na": ("n/a", "na", "not applicable", "مصداق ندارد"),
        "0": ("0", "0 (exploratory trials)", "phase 0", "early phase 1", "early_phase1"),
        "1": ("1", "phase 1", "phase i", "i", "phase1", "phase-1"),
        "1-2": (
            "1-2",
            "1/2",
            "i-ii",
            "i/ii",
            "phase i-ii",
            "phase 1 / phase 2",
            "phase-1/phase-2",
            "phase 1-2",
            "phase 1/2",
            "phase i/ii",
            "phase 1/phase 2",
            "1-2 (phase 1-2)",
        ),
        "2": ("2", "phase 2", "phase ii", "ii", "phase2", "phase-2"),
        "2-3": (
            "2-3",
            "2/3",
            "ii-iii",
            "ii/iii",
            "phase ii-iii",
            "phase 2 / phase 3",
            "phase-2/phase-3",
            "phase 2-3",
            "phase 2/3",
            "phase ii/iii",
            "phase 2/phase 3",
        ),
        "3": ("3", "phase 3", "phase iii", "iii", "phase3", "phase-3"),
        "3-4": (
            "3-4",
            "3/4",
            "phase 3-4",
            "phase 3/4",
            "iii-iv",
            "iii/iv",
            "phase iii/iv",
            "phase 3/phase 4",
            "phase 3 / phase 4",
        ),
        "4": ("4", "phase 4", "phase iv", "iv", "phase4", "phase-4", "post market"),
        "bioequivalence": ("bioequivalence", "bioequivalence study"),
    },
    "randomization": {
        "randomized": ("randomized", "randomised", "yes", "تصادفی شده"),
        "not_randomized": (
            "not randomized",
            "not randomised",
            "non-randomized",
            "non-randomised",
            "nonrandomized",
            "non_randomized",
            "تصادفی نشده",
        ),
        "na": ("n/a", "na", "not applicable", "مصداق ندارد"),
    },
    "blinding": {
        "not_blinded": ("not blinded", "open label", "open-label", "open", "none", "none (open label)", "کور نشده"),
        "single": ("single blinded", "single blind", "single", "single-blind", "یک سویه کور", "یک سو کور"),
        "double": (
            "double blinded",
            "double blind",
            "double",
            "double-blind",
            "دو سویه کور",
            "دوسویه کور",
            "دو سو کور",
        ),
        "triple": ("triple blinded", "triple blind", "triple", "triple-blind", "سه سویه کور", "سه سو کور"),
        "quadruple": ("quadruple blinded", "quadruple blind", "quadruple"),
    },
    "masked_groups": {
        "participant": (
            "participant",
            "the people receiving the treatment/s",
            "participants",
            "patient",
            "subject",
            "شرکت کننده",
            "شرکت کنندگان",
        ),
        "care_provider": ("care provider", "care_provider", "caregiver", "therapist", "مراقب بالینی", "مراقب"),
        "investigator": ("investigator", "researcher", "محقق"),
        "outcome_assessor": (
            "outcome assessor",
            "outcomes assessor",
            "outcomes_assessor",
            "assessor",
            "ارزیابی کننده پیامد",
            "ارزیاب پیامد",
        ),
        "data_analyst": ("data analyser", "data analyst", "statistician", "آنالیز کننده داده", "تحلیل گر داده"),
        "data_safety_board": (
            "data and safety monitoring board",
            "data safety monitoring board",
            "dsmb",
            "کمیته ایمنی و نظارت بر داده ها",
        ),
    },
    "placebo": {
        "used": ("used", "yes", "دارد"),
        "not_used": ("not used", "no", "ندارد"),
    },
    "assignment": {
        "single": (
            "single",
            "single group",
            "single_group",
            "single group assignment",
            "single assignment",
            "single arm",
            "تک گروهی",
            "یک گروهی",
        ),
        "parallel": ("parallel", "parallel assignment", "موازی"),
        "crossover": ("crossover", "crossover assignment", "cross-over", "cross over", "متقاطع"),
        "factorial": ("factorial", "factorial assignment", "فاکتوریال"),
        "sequential": ("sequential", "sequential assignment"),
        "other": ("other", "سایر"),
    },
    "sex": {
        "both": (
            *("both", "all", "both sexes", "هر دو", "both, male and female", "both males and females", "male and female"),
            *("male/female", "males and females", "female and male", "female: yes male: yes", "male, female"),
        ),
        "female": ("female", "females", "female: yes male: no", "women", "زن", "مونث"),
        "male": ("male", "males", "female: no male: yes", "men", "مرد", "مذکر"),
    },
    "date_type": {
        "actual": ("actual",),
        "anticipated": ("anticipated", "estimated", "expected", "planned", "target"),
    },
    "arm_category": {
        "drug": ("treatment - drugs", "treatment: drugs", "drug", "درمانی - داروها"),
        "device": ("treatment - devices", "treatment: devices", "device", "درمانی - ابزار"),
        "surgery": ("treatment - surgery", "treatment: surgery", "درمانی - جراحی"),
        "treatment_other": ("treatment - other", "treatment: other", "درمانی - غیره"),
        "prevention": ("prevention", "پیشگیری"),
        "rehabilitation": ("rehabilitation", "توانبخشی"),
        "behaviour": ("behavior", "behaviour", "behavioral", "رفتاری"),
        "lifestyle": ("lifestyle", "شیوه زندگی"),
        "diagnosis": ("diagnosis", "تشخیصی"),
        "screening": ("early detection /screening", "early detection/screening", "screening"),
        "placebo": ("placebo", "دارو نما", "دارونما"),
        "na": ("n/a", "not applicable", "مصداق ندارد"),
        "experimental": ("experimental",),
        "active_comparator": ("active comparator", "active_comparator"),
        "placebo_comparator": ("placebo comparator", "placebo_comparator"),
        "sham_comparator": ("sham comparator", "sham_comparator"),
        "no_intervention": ("no intervention", "no_intervention"),
        "other": ("other", "سایر"),
    },
}

for _same in ("start_date_type", "primary_completion_date_type", "completion_date_type", "sample_size_type"):
    _WORDINGS[_same] = _WORDINGS["date_type"]

_SHARING = {
    "yes": ("yes", "بله"),
    "no": ("no", "خیر"),
    "undecided": ("undecided", "هنوز تصمیم"),
    "not_applicable": ("not applicable", "مصداق ندارد"),
}


def _key(text: str) -> str:
    text = text.replace("\u200c", " ").replace("\u200f", "").replace("ي", "ی").replace("ك", "ک")
    text = fold(text) if text.isascii() else text.lower().replace("–", "-")
    return " ".join(text.strip(" .-*").split())


_CODES = {name: {_key(word): code for code, words in table.items() for word in words} for name, table in _WORDINGS.items()}
FIELDS = frozenset((*_CODES, "sharing_plan"))


def code(field: str, text: str) -> str | None:
    """Return the neutral code of *text* in the coded field *field*, or None when the wording is not known.

    A code stands for itself, so a draft may use either. Raises KeyError for a field that has no codes.

    >>> code("placebo", "Not used"), code("phase", "Phase III"), code("placebo", "perhaps")
    ('not_used', '3', None)
    """
    key = _key(text)
    if field == "sharing_plan":
        return next((plan for plan, words in _SHARING.items() if key == plan or _begins(key, words)), None)
    table = _CODES[field]
    return table.get(key) or (key if key in _WORDINGS[field] else None)


def _begins(key: str, words: tuple[str, ...]) -> bool:
    return any(key == word or key.startswith(f"{word} ") for word in words)


def codes(field: str) -> tuple[str, ...]:
    """Return the codes that *field* can have."""
    return tuple(_SHARING) if field == "sharing_plan" else tuple(_WORDINGS[field])
