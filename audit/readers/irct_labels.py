"""The labels of an IRCT page in page order, English and Persian, with the field and the kind of value of each."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["heading", "text", "line", "coded", "count", "date", "age", "criteria", "masked", "plan", "block"]
"""How the value of a label is read.

``heading``: it has no value of its own; ``block``: the labels under it are those of a `Block`; ``line``: one line by
nature, such as a number, a code, an address of mail or telephone.
"""
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
SINGLE = frozenset({"line", "coded", "count", "date"})
"""The kinds whose value is one line."""


@dataclass(frozen=True, eq=False)
class Label:
    """One label: ``order`` is its place on the page (or in its block), ``field`` where its value goes."""

    order: int
    field: str
    kind: Kind
    english: tuple[str, ...]
    persian: tuple[str, ...]
    group: tuple[str, str] = ("", "")

    def shown(self, language: str) -> str:
        """Return the label as the page shows it, with its group where the page has it twice."""
        words = (self.persian or self.english) if language == "fa" else self.english
        group = self.group[language == "fa"]
        return f"{group}: {words[0]}" if group else words[0]


@dataclass(frozen=True, eq=False)
class Block:
    """A heading with labels of its own that may come several times; ``opening`` are headings of one item."""

    field: str
    repeated: bool
    labels: dict[str, Label]
    opening: frozenset[str]


def _split(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split("|") if word)


_SUMMARY = ("Summary", "چکیده پروتکل")
_PAGE = """
header             heading  Clinical Trial Protocol                         ; پروتکل کارآزمایی بالینی
exported           heading  Iranian Registry of Clinical Trials             ; مرکز ثبت کارآزمایی بالینی ایران
summary            heading  Protocol summary                                ; چکیده پروتکل
design_summary     text     Summary                                         ; چکیده
study_aim          text     Study aim                                       ; هدف ازمطالعه|هدف مطالعه
design_summary     text     Design                                          ; طراحی
settings           text     Settings and conduct                            ; نحوه و محل انجام مطالعه
criteria_summary   text     Participants/Inclusion and exclusion criteria   ; شرکت کنندگان/شرایط ورود و عدم ورود
arms_summary       text     Intervention groups                             ; گروه‌های مداخله
outcomes_summary   text     Main outcome variables                          ; متغیرهای پیامد اصلی
general            heading  General information                             ; اطلاعات عمومی
update_reason      text     Reason for update                               ; علت بروز رسانی
acronym            text     Acronym                                         ; نام اختصاری
registration       heading  IRCT registration information                   ; اطلاعات ثبت در مرکز
trial_id           line     IRCT registration number|IRCTID|IRCT ID         ; شماره ثبت کارآزمایی در مرکز|شماره ثبت در مرکز
registration_date  date     Registration date                               ; تاریخ تایید ثبت در مرکز|تاریخ ثبت در مرکز
registration_timing coded   Registration timing                             ; زمان‌بندی ثبت|زمان بندی ثبت کارآزمایی
last_update        date     Last update                                     ; آخرین بروز رسانی|تاریخ آخرین بروز رسانی
update_count       count    Update count                                    ; تعداد بروز رسانی‌ها|تعداد بروز رسانی
registration_date  date     Registration date                               ; تاریخ تایید ثبت در مرکز|تاریخ ثبت در مرکز
registrant         block    Registrant information                          ; مشخصات ثبت کننده
recruitment_status coded    Recruitment status                              ; وضعیت بیمار گیری
funding_source     text     Funding source                                  ; منبع مالی|منابع مالی
expected_recruitment_start date Expected recruitment start date             ; تاریخ شروع بیمار گیری مورد انتظار
expected_recruitment_end   date Expected recruitment end date               ; تاریخ پایان بیمار گیری مورد انتظار
actual_recruitment_start   date Actual recruitment start date               ; تاریخ شروع بیمار گیری تحقق یافته
actual_recruitment_end     date Actual recruitment end date                 ; تاریخ پایان بیمار گیری تحقق یافته
completion_date    date     Trial completion date                           ; تاریخ خاتمه کارآزمایی|تاریخ پایان کارآزمایی
scientific_title   text     Scientific title                                ; عنوان علمی کارآزمایی|عنوان علمی
public_title       text     Public title                                    ; عنوان عمومی کارآزمایی|عنوان عمومی
purpose            coded    Purpose                                         ; هدف اصلی مطالعه|هدف اصلی
criteria           criteria Inclusion/Exclusion criteria|Inclusion/exclusion criteria ; شرایط عمده ورود و عدم ورود به مطالعه|شرایط ورود و عدم ورود به مطالعه
age                age      Age                                             ; سن
sex                coded    Gender|Sex                                      ; جنسیت
phase              coded    Phase                                           ; فاز مطالعه|فاز
masked_groups      masked   Groups that have been masked                    ; گروه‌های کور شده در مطالعه|گروه های کور شده
sample_size        heading  Sample size                                     ; حجم نمونه کل|حجم نمونه
target_sample_size count    Target sample size                              ; حجم نمونه پیش‌بینی شده|تعداد نمونه پیش‌بینی شده
actual_sample_size count    Actual sample size reached|Actual sample size   ; حجم نمونه تحقق یافته|تعداد نمونه تحقق یافته
more_than_one_sample text   More than 1 sample in each individual           ; بیش از یک نمونه در هر فرد|بیش از 1 نمونه در هر فرد
samples_per_individual text Number of samples in each individual            ; تعداد نمونه در هر فرد
randomization      coded    Randomization (investigator's opinion)|Randomisation (investigator's opinion) ; تصادفی سازی (نظر محقق)|تصادفی سازی (به نظر محقق)
randomization_description text Randomization description|Randomisation description ; توصیف نحوه تصادفی سازی|نحوه تصادفی سازی
blinding           coded    Blinding (investigator's opinion)               ; کور سازی (به نظر محقق)|کور سازی (نظر محقق)
blinding_description text   Blinding description                            ; توصیف نحوه کور سازی|نحوه کور سازی
placebo            coded    Placebo                                         ; دارو نما
assignment         coded    Assignment                                      ; اختصاص به گروه‌های مطالعه|اختصاص به گروه های درمانی
other_design_features text  Other design features                           ; سایر مشخصات طراحی مطالعه
secondary_ids      block    Secondary Ids                                   ; کد ثبت در سایر مراکز ثبت بین‌المللی|کدهای ثبت در سایر مراکز
ethics_reviews     block    Ethics committees                               ; تاییدیه کمیته‌های اخلاق|کمیته‌های اخلاق
conditions         block    Health conditions studied                       ; بیماری‌های (موضوعات) مورد مطالعه|بیماری های مورد مطالعه
primary_outcomes   block    Primary outcomes|Primary outcome                ; متغیر پیامد اولیه|متغیرهای پیامد اولیه
secondary_outcomes block    Secondary outcomes|Secondary outcome            ; متغیر پیامد ثانویه|متغیرهای پیامد ثانویه
arms               block    Intervention groups                             ; گروه‌های مداخله
centres            block    Recruitment centers|Recruitment centres         ; مراکز بیمار گیری
sponsors           block    Sponsors / Funding sources                      ; حمایت کنندگان / منابع مالی
public_contact     block    Person responsible for general inquiries        ; فرد مسوول پاسخگویی عمومی کارآزمایی|فرد مسئول پاسخگویی عمومی کارآزمایی
scientific_contact block    Person responsible for scientific inquiries     ; فرد مسوول پاسخگویی علمی مطالعه|فرد مسئول پاسخگویی علمی مطالعه
updating_contact   block    Person responsible for updating data            ; فرد مسوول به‌روز رسانی اطلاعات|فرد مسئول به‌روز رسانی اطلاعات
sharing            heading  Sharing plan                                    ; برنامه انتشار
ipd                plan     Deidentified Individual Participant Data Set (IPD) ; فایل داده شرکت کنندگان (IPD)
sharing_reason     text     Justification/reason for indecision/not sharing IPD ; توجیه/دلیل عدم تصمیم یا عدم انتشار IPD|دلیل عدم انتشار IPD|توضیح عدم انتشار IPD
protocol           plan     Study Protocol                                  ; پروتکل مطالعه
sap                plan     Statistical Analysis Plan                       ; نقشه آنالیز آماری
icf                plan     Informed Consent Form                           ; فرم رضایتنامه آگاهانه
csr                plan     Clinical Study Report                           ; گزارش مطالعه بالینی
code               plan     Analytic Code                                   ; کدهای استفاده شده در آنالیز
dictionary         plan     Data Dictionary                                 ; نظام دسته‌بندی داده (دیکشنری داده)|دیکشنری داده
sharing_title      text     Title and more details about the data/document  ; عنوان و جزییات بیشتر در مورد داده/مستند|عنوان و جزئیات بیشتر در مورد داده/مستند
sharing_when       text     When the data will become available and for how long ; بازه زمانی امکان دسترسی به داده/مستند
sharing_whom       text     To whom data/document is available              ; کسانی که اجازه دارند به داده/مستند دسترسی پیدا کنند
sharing_criteria   text     Under which criteria data/document could be used ; به چه منظور و تحت چه شرایطی داده/مستند قابل استفاده است
sharing_where      text     From where data/document is obtainable          ; برای دریافت داده/مستند به چه کسی یا کجا مراجعه شود
sharing_process    text     What processes are involved for a request to access data/document ; یک درخواست برای داده/مستند چه فرایندی را طی می‌کند
sharing_comments   text     Comments                                        ; سایر توضیحات
"""

_ADDRESS = """
contact.address     text  Street address  ; آدرس خیابان|آدرس
contact.city        text  City            ; شهر
contact.province    text  Province        ; استان
contact.postal_code line  Postal code     ; کد پستی
"""
_REACH = """
contact.phone       line  Phone           ; تلفن
contact.mobile      line  Mobile phone|Mobile ; تلفن همراه|موبایل
contact.fax         line  Fax             ; فکس|فاکس|نمابر
contact.email       line  Email|Email address ; ایمیل|آدرس ایمیل|پست الکترونیک
contact.web         line  Web page address ; آدرس صفحه وب|آدرس وب سایت|وب سایت
"""
_COUNTRY = """
contact.country     text  Country         ; کشور
"""
_BODY = """
contact.organization text Name of organization / entity   ; نام سازمان / نهاد
contact.name         text Full name of responsible person ; نام کامل فرد مسوول|نام کامل فرد مسئول
"""
_PERSON = (
    """
                     opening Contact                      ; اطلاعات تماس
"""
    + _BODY
    + """
contact.position     text Position                        ; موقعیت شغلی
contact.degree       text Latest degree                   ; آخرین مدرک تحصیلی
contact.specialty    text Other areas of specialty/work   ; سایر حوزه‌های کاری/تخصص‌ها
"""
    + _ADDRESS
    + _COUNTRY
    + _REACH
)
_OUTCOME = """
description  text Description|Outcome      ; شرح متغیر پیامد|شرح
timepoint    text Timepoint|Time point     ; مقاطع زمانی اندازه‌گیری
method       text Method of measurement    ; نحوه اندازه‌گیری متغیر|نحوه اندازه گیری
"""
_BLOCKS = {
    "registrant": """
contact.name         text Name                            ; نام
contact.organization text Name of organization / entity   ; نام سازمان / نهاد
contact.country      text Country                         ; کشور
contact.phone        line Phone                           ; تلفن
contact.mobile       line Mobile phone                    ; تلفن همراه
contact.email        line Email address|Email             ; آدرس ایمیل|ایمیل
""",
    "secondary_ids": """
registry     text Registry name            ; نام مرکز ثبت
             text Secondary trial Id       ; کد ثبت|کد ثبت ثانویه
date         date Registration date        ; تاریخ ثبت
""",
    "ethics_reviews": """
              opening Ethics committee                    ; کمیته اخلاق
committee     text Name of ethics committee               ; نام کمیته اخلاق
"""
    + _ADDRESS
    + """
approval_date date Approval date                          ; تاریخ تایید
reference     text Ethics committee reference number      ; کد کمیته اخلاق
""",
    "conditions": """
description       text Description of health condition studied ; شرح|شرح بیماری|شرح بیماری مورد مطالعه
icd10             line ICD-10 code                        ; کد ICD-10
icd10_description text ICD-10 code description            ; توصیف کد ICD-10
""",
    "primary_outcomes": _OUTCOME,
    "secondary_outcomes": _OUTCOME,
    "arms": """
description  text  Description|Intervention description  ; شرح مداخله|شرح
category     coded Category                               ; طبقه بندی
""",
    "centres": """
                     opening Recruitment center|Recruitment centre ; مرکز بیمار گیری
contact.organization text Name of recruitment center|Name of recruitment centre ; نام مرکز بیمار گیری
contact.name         text Full name of responsible person ; نام کامل فرد مسوول|نام کامل فرد مسئول
"""
    + _ADDRESS
    + _COUNTRY
    + _REACH,
    "sponsors": """
                     opening Sponsor                      ; حمایت کننده مالی
"""
    + _BODY
    + _ADDRESS
    + _COUNTRY
    + _REACH
    + """
grant_name       text Grant name                          ; ردیف بودجه
grant_code       text Grant code / Reference number       ; کد بودجه
same_source      line Is the source of funding the same sponsor organization/entity? ; آیا منبع مالی همان سازمان یا نهاد حمایت کننده مالی است؟
source           text Title of funding source             ; عنوان منبع مالی
proportion       line Proportion provided by this source  ; درصد تامین مالی مطالعه توسط این منبع
sector           line Public or private sector            ; بخش عمومی یا خصوصی
origin           line Domestic or foreign origin          ; مبدا اعتبار از داخل یا خارج کشور
foreign_category text Category of foreign source of funding ; طبقه بندی منابع اعتبار خارجی
foreign_country  text Country of origin                   ; کشور مبدا
kind             text Type of organization providing the funding ; نوع موسسه تامین کننده اعتبار
""",
    "public_contact": _PERSON,
    "scientific_contact": _PERSON,
    "updating_contact": _PERSON,
}
SINGLE_BLOCKS = frozenset({"registrant", "public_contact", "scientific_contact", "updating_contact"})
INLINE_FIELDS = frozenset(
    [
        "trial_id",
        "registration_date",
        "registration_timing",
        "last_update",
        "update_count",
        "target_sample_size",
        "actual_sample_size",
        "more_than_one_sample",
        "samples_per_individual",
    ]
)
"""Fields whose value stands behind the label, on the same line."""
SUMMARY_FIELDS = ["study_aim", "design_summary", "settings", "criteria_summary", "arms_summary", "outcomes_summary"]
INCLUSION = ("inclusion criteria", "شرایط عمده ورود به مطالعه", "شرایط ورود به مطالعه")
EXCLUSION = ("exclusion criteria", "شرایط عمده عدم ورود به مطالعه", "شرایط عدم ورود به مطالعه")
EMPTY_MARKERS = frozenset({"empty", "no information", "خالی", "بدون اطلاعات", "اطلاعاتی موجود نیست"})
LOADING = "loading..."

_PERSIAN_FORMS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ئ": "ی", "ؤ": "و", "أ": "ا", "ۀ": "ه", "’": "'", "‘": "'"}
    | dict.fromkeys("\u200c\u200e\u200f\u202a\u202b\u202c\ufeff\u00a0\u00ad\u0640 \t", "")
)


def key(text: str) -> str:
    """Return what two spellings of a label share: lower case, one form of each letter, single blanks.

    Persian is written with and without blanks and joiners, so a text with other letters loses them all.

    >>> key("Study  aim") == key("study aim"), key("گروه‌های مداخله") == key("گروه هاي مداخله")
    (True, True)
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = text.lower().translate(_PERSIAN_FORMS)
    return " ".join(text.lower().replace("’", "'").replace("\u00a0", " ").split()) if plain.isascii() else plain


_ROW = re.compile(r"^(\S*)\s+(heading|text|line|coded|count|date|age|criteria|masked|plan|block|opening)\s+(.+?)\s*;\s*(.+)$")


def _rows(table: str) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    found = [_ROW.match(line) for line in table.splitlines() if line.strip()]
    return [(row[1], row[2], _split(row[3]), _split(row[4].strip())) for row in found if row]


def _page() -> tuple[Label, ...]:
    labels = []
    for order, (field, kind, english, persian) in enumerate(_rows(_PAGE)):
        group = _SUMMARY if field in SUMMARY_FIELDS[1:] and english[0] != "Summary" else ("", "")
        labels.append(Label(order, field, _KINDS[kind], english, persian, group))
    return tuple(labels)


def _block(field: str, table: str) -> Block:
    labels: dict[str, Label] = {}
    opening: set[str] = set()
    for order, (part, kind, english, persian) in enumerate(_rows(table)):
        keys = [key(word) for word in (*english, *persian)]
        if kind == "opening":
            opening.update(keys)
        else:
            labels.update(dict.fromkeys(keys, Label(order, part, _KINDS[kind], english, persian)))
    return Block(field, field not in SINGLE_BLOCKS, labels, frozenset(opening))


PAGE = _page()
"""All labels outside of blocks and all headings, in page order; a label's order is its index."""
BLOCKS = {field: _block(field, table) for field, table in _BLOCKS.items()}
BLOCK_KEYS = frozenset(word for block in BLOCKS.values() for word in (*block.labels, *block.opening))


def _orders() -> dict[str, tuple[int, ...]]:
    orders: dict[str, tuple[int, ...]] = {}
    for label in PAGE:
        for word in (*label.english, *label.persian):
            known = orders.get(key(word), ())
            if label.order not in known:
                orders[key(word)] = (label.order, *known)
    return orders


ORDERS = _orders()
"""The places on the page where a label may stand, the last first."""
ORDER = {label.field: label.order for label in reversed(PAGE)}
INLINE = frozenset(key(word) for label in PAGE if label.field in INLINE_FIELDS for word in (*label.english, *label.persian))
