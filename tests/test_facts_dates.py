"""Facts on dates, status and sharing: a small record -> what is understood of it."""

from datetime import date

import pytest

from audit.engine import facts as _facts  # noqa: F401 - fills FACTS
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")


def said(name, as_of=date(2026, 6, 11), **record):
    return Reading(registration(record), VOCABULARY, as_of).fact(name)


@pytest.mark.parametrize(
    ("pair", "days"),
    [
        ("2024-06-15, 1403/03/26", None),
        ("2021-03-20, 1399/12/30", None),
        ("2025-03-20, 1403/12/30", None),
        ("2017-03-20, 1395/12/30", None),
        ("۲۰۲۴-۰۶-۱۵, ۱۴۰۳/۰۳/۲۶", None),
        ("1403/03/26, 2024-06-15", None),
        ("2024-06-15, 1403/03/25", 1),
        ("2024-06-15, 1403/03/27", 1),
        ("2024-06-15, 1402/03/26", 365),
        ("2024-07-15, 1403/03/26", 30),
    ],
)
def test_the_two_calendars(pair, days):
    fact = said("calendar_differences", registration_date=pair)

    assert [case.values["days"] for case in fact.cases] == ([] if days is None else [days])
    for case in fact.cases:
        assert [place.quote for place in case.places] == pair.split(", ")


def test_a_pair_that_is_repeated_is_one_case_with_all_its_places():
    fact = said("calendar_differences", registration_date="2024-06-15, 1403/03/25", last_update="2024-06-15, 1403/03/25")

    assert fact.value == 1
    assert {place.value.field for place in fact.cases[0].places} == {"registration_date", "last_update"}


@pytest.mark.parametrize("text", ["2024-06-15", "2024-13-15, 1403/03/26", "2024-06-15, 1403/13/26", "soon", "empty"])
def test_nothing_to_compare(text):
    fact = said("calendar_differences", registration_date=text)

    assert not fact.cases


def test_a_date_at_which_the_record_is_cut_is_not_compared():
    record = {"complete": False, "last_update": "2024-06-15, 1403/03/26", "expected_recruitment_end": "2024-06-19, 1403/03/3"}

    assert said("calendar_differences", **record).value == 0
    assert said("calendar_differences", **{**record, "complete": True}).value == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-09-05", None),
        ("2024-02-29, 1402/12/10", None),
        ("2024-09", None),
        ("June 15, 2024", None),
        ("1403/06/15", None),
        ("2040-01-01", None),
        ("1403-06-15", "Jalali year in the Gregorian place"),
        ("1402-06-15, 1402/06/15", "Jalali year in the Gregorian place"),
        ("2024-06-15, 2024/06/15", "Gregorian year in the Jalali place"),
        ("2023-02-29", "no such day"),
        ("2024-13-01", "no such day"),
        ("2024-04-31, 1403/02/12", "no such day"),
        ("2023-03-20, 1401/12/30", "no such day"),
        ("2641-06-14", "year out of range"),
        ("2567-05-20", "year out of range"),
        ("1921-05-20", "year out of range"),
        ("202-05-20", "year out of range"),
        ("2042-01-01", "year out of range"),
        ("1985", "year out of range"),
    ],
)
def test_dates_that_cannot_be(text, why):
    fact = said("impossible_dates", expected_recruitment_start=text)

    assert [case.values["why"] for case in fact.cases] == ([] if why is None else [why])


@pytest.mark.parametrize("text", ["24-05-20", "soon", "empty"])
def test_what_is_no_date_is_not_called_impossible(text):
    assert said("impossible_dates", registration_date=text).value is None


def test_a_lone_jalali_date_with_dashes_is_right_on_a_persian_page():
    assert said("impossible_dates", language="fa", registration_date="۱۴۰۳-۰۶-۱۵").value == 0


def test_only_a_year_far_ahead_rests_on_the_as_of_day():
    for text, rests in (("1403-06-15", False), ("2024-09-05", False), ("2042-01-01", True)):
        reading = Reading(registration({"registration_date": text}), VOCABULARY, date(2026, 6, 11))
        reading.fact("impossible_dates")
        assert ("impossible_dates" in reading.depends_on_as_of) is rests


TIMINGS = ("prospective", "registered_while_recruiting", "retrospective")


@pytest.mark.parametrize(
    ("registered", "start", "end", "fitting"),
    [
        ("2022-04-16", "2022-05-01", "2022-10-01", "prospective"),
        ("2022-04-16", "2022-04-16", "2022-10-01", "prospective registered_while_recruiting"),
        ("2022-04-16", "2022-04-15", "2022-10-01", "registered_while_recruiting"),
        ("2022-04-16", "2022-04", "2022-10", "prospective registered_while_recruiting"),
        ("2022-10-01", "2022-04-15", "2022-10-01", "registered_while_recruiting retrospective"),
        ("2022-10-02", "2022-04-15", "2022-10-01", "retrospective"),
    ],
)
def test_registration_timing(registered, start, end, fitting):
    for timing in TIMINGS:
        fact = said(
            "registration_timing_fits",
            registration_timing=timing,
            registration_date=registered,
            expected_recruitment_start=start,
            expected_recruitment_end=end,
        )
        assert (timing, fact.value) == (timing, timing in fitting.split())


@pytest.mark.parametrize(("timing", "fits"), [("prospective", False), ("retrospective", None), (TIMINGS[1], None)])
def test_registration_timing_without_an_end(timing, fits):
    fact = said(
        "registration_timing_fits",
        registration_timing=timing,
        registration_date="2022-04-16",
        expected_recruitment_start="2022-02-01",
    )

    assert fact.value is fits


@pytest.mark.parametrize(
    ("registered", "start", "days", "delay"),
    [
        ("2020-10-05", "2020-08-05", 61, 61),
        ("2020-08-05", "2020-08-05", 0, 0),
        ("2020-08-01", "2020-08-05", -4, 0),
        ("2020-10-05", "2020-08", None, 35),
        ("2020-08-05", "2020-08", None, 0),
        ("2020-08-05", "2020", None, 0),
        ("empty", "2020-08-05", None, None),
        ("2020-08-05", "2641-06-14", None, None),
    ],
)
def test_days_from_start_to_registration(registered, start, days, delay):
    record = {"registration_date": registered, "expected_recruitment_start": start}

    assert said("registered_days_after_start", **record).value == days
    assert said("registration_delay", **record).value == delay


def test_the_actual_start_is_preferred():
    record = {
        "registration_date": "2022-04-16",
        "expected_recruitment_start": "2022-05-01",
        "actual_recruitment_start": "2022-04-06",
    }

    assert said("recruitment_start_type", **record).value == "actual"
    assert said("registered_days_after_start", **record).value == 10
    assert said("registered_days_after_start", **{**record, "actual_recruitment_start": "empty"}).value == -15


@pytest.mark.parametrize(
    ("start", "end", "update", "ahead"),
    [
        ("2024-03-02", "2024-09-01", "2024-12-01", []),
        ("2024-03-02", "2024-12-02", "2024-12-01", []),
        ("2024-03-02", "2025-03-01", "2024-12-01", [("2025-03-01", "2024-12-01")]),
        ("2025-03-02", "2025-04-01", "2024-12-01", [("2025-03-02", "2024-12-01"), ("2025-04-01", "2024-12-01")]),
        ("2026-08-02", "empty", "empty", [("2026-08-02", "2026-06-11")]),
        ("2026-06-12", "empty", "empty", []),
    ],
)
def test_actual_dates_ahead(start, end, update, ahead):
    fact = said("actual_dates_ahead", actual_recruitment_start=start, actual_recruitment_end=end, last_update=update)

    assert [(str(case.values["date"]), str(case.values["limit"])) for case in fact.cases] == ahead


@pytest.mark.parametrize(
    ("timepoint", "days"),
    [
        ("6 months after the last injection", 182.64),
        ("Before and 1, 3 and 6 months after surgery", 182.64),
        ("At baseline, weeks 2, 4 and 12", 84),
        ("days 0, 7, 14 and 28", 28),
        ("One year after treatment", 365.25),
        ("three-month follow up", 91.32),
        ("24 hours and 7th day", 7),
        ("at the end of the study", None),
        ("before the intervention", None),
        ("empty", None),
    ],
)
def test_longest_follow_up(timepoint, days):
    outcome = {"description": "Pain", "timepoint": timepoint, "method": "Visual analogue scale"}

    assert said("longest_follow_up_days", primary_outcomes=[outcome]).value == (days and pytest.approx(days))


@pytest.mark.parametrize(
    ("status", "update", "count", "end", "overdue"),
    [
        ("Recruiting", "2025-06-01", 1, "2027-01-01", True),
        ("Recruiting", "2025-12-01", 1, "2027-01-01", False),
        ("Pending", "2022-06-01", "empty", "empty", True),
        ("Recruitment complete", "2024-06-15", 0, "2024-09-20", True),
        ("Recruitment complete", "2024-09-20", 0, "2024-09-20", False),
        ("Recruitment complete", "2024-06-15", 3, "2024-09-20", False),
        ("Recruitment complete", "2026-06-01", 0, "2026-09-20", False),
        ("Recruitment complete", "2024-06-15", "empty", "2024-09-20", None),
        ("Not Recruiting", "2024-06-15", 0, "2024-09-20", None),
        ("Recruiting", "empty", 0, "2024-09-20", None),
    ],
)
def test_update_overdue(status, update, count, end, overdue):
    record = {
        "recruitment_status": status,
        "last_update": update,
        "update_count": count,
        "expected_recruitment_end": end,
    }

    assert said("update_overdue", **record).value is overdue


@pytest.mark.parametrize(
    ("rows", "plan"),
    [
        ({"protocol": "Yes", "ipd": "Undecided - It is not yet known"}, "undecided"),
        ({"ipd": "No - There is not a plan to make this available"}, "no"),
        ({"ipd": "perhaps"}, None),
        ({"ipd": "empty"}, None),
        ({"protocol": "Undecided"}, None),
    ],
)
def test_plan_for_the_participants_data(rows, plan):
    fact = said("ipd_sharing_plan", sharing=rows)

    assert fact.value == plan
    assert (plan is None) is (fact.reason is not None)


def test_undecided_documents():
    fact = said("undecided_documents", sharing={"ipd": "Undecided", "protocol": "Yes", "dictionary": "Undecided - not yet known"})

    assert fact.value == ("ipd", "dictionary")
    assert [place.quote for place in fact.places] == ["Undecided", "Undecided - not yet known"]
