"""Blackened contacts: no name, telephone or address is left anywhere, and every quote still stands where it says."""

import re

import pytest
from conftest import SAMPLES, SEEDS

from audit.model.result import Run
from audit.reports import RENDERERS, html
from audit.reports.redact import BLACK, redacted
from audit.reports.words import Words

WORDS = Words.of("en")


def people(registration):
    """Return the names, telephones and addresses that the record gives of its contacts."""
    contacts = [
        registration.registrant,
        registration.public_contact,
        registration.scientific_contact,
        registration.updating_contact,
    ]
    contacts += [*registration.centres, *(sponsor.contact for sponsor in registration.sponsors)]
    values = [value for one in contacts if one for value in (one.name, one.phone, one.email)]
    return {value.text for value in values if value.given and len(value.text) > 3}


@pytest.mark.parametrize("path", [*SAMPLES, *SEEDS], ids=lambda path: path.stem)
def test_nobody_can_be_recognised(examine, catalogue, path):
    for audit in examine(path, path.name):
        black = redacted(audit)
        run = Run(audits=[black], checks=catalogue.checks, catalogue_sha256=catalogue.sha256)
        info = html.RunInfo.of(run.checks, run.catalogue_sha256)
        shown = str(RENDERERS["json"](run, WORDS)) + str(RENDERERS["csv"](run, WORDS)) + html.render(black, info, WORDS)

        assert [one for one in people(audit.registration) if one in shown] == []
        assert re.findall(r"[\w.]+@[\w.]+\.\w+", shown) == []
        assert len(black.registration.source.text) == len(audit.registration.source.text)
        assert [one.fingerprint for one in black.findings] == [one.fingerprint for one in audit.findings]
        for finding in black.findings:
            for place in finding.evidence:
                start = place.value.start + place.start
                assert black.registration.source.text[start : start + len(place.quote)] == place.quote


def test_what_is_no_contact_stays(examine):
    (audit,) = examine(SAMPLES[0], "clean.txt")

    black = redacted(audit).registration

    assert BLACK in black.source.text
    assert black.scientific_title == audit.registration.scientific_title
    assert black.ethics_reviews[0].reference == audit.registration.ethics_reviews[0].reference
    assert black.target_sample_size == audit.registration.target_sample_size
