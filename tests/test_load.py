"""Wrong check files, and the words they are refused with."""

import pytest

from audit.engine.load import load, load_check
from audit.engine.vocabulary import load_vocabulary
from audit.errors import AuditError
from audit.folders import folder

FIVE_MISTAKES = """\
code: ZZ02
title: A check with five mistakes
severity: dreadful
confidence: high
cluster: none
colour: red
when:
  - {field: placbo, is: used}
expect:
  - {field: placebo, resembles: used}
message: The record says {blinding}.
question: Is that right?
rationale: None.
references: [TRDS 99]
examples:
  good:
    - {why: one, record: {placebo: Used}}
    - {why: two, record: {placebo: Used}}
  bad:
    - {why: one, record: {placebo: Used}}
    - {why: two, record: {placebo: Used}}
"""


def write(folder_, name, text):
    (folder_ / "ZZ").mkdir(exist_ok=True)
    (folder_ / "ZZ" / name).write_text(text, encoding="utf-8")


def refused(folder_):
    with pytest.raises(AuditError) as error:
        load(folder("checks"), folder_)
    return str(error.value).splitlines()[1:]


def test_all_mistakes_of_a_file_are_told_at_once_with_their_lines(tmp_path):
    write(tmp_path, "ZZ02-five-mistakes.yaml", FIVE_MISTAKES)

    told = refused(tmp_path)

    assert {line.split(": ")[0] for line in told} == {f"ZZ/ZZ02-five-mistakes.yaml:{n}" for n in (3, 6, 8, 10, 11, 14)}
    text = "\n".join(told)
    assert "severity is 'dreadful'; allowed are error, warning, note" in text
    assert "unknown key colour" in text
    assert "no such field or fact: placbo; do you mean placebo?" in text
    assert "unknown word resembles; allowed are present, is, one_of" in text
    assert "{blinding}, which the check does not look at" in text
    assert "no such reference: TRDS 99" in text


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path):
    write(tmp_path, "ZZ02-five-mistakes.yaml", FIVE_MISTAKES)
    write(tmp_path, "ZZ03-not-yaml.yaml", "code: [ZZ03\ntitle: x\n")
    write(tmp_path, "ZZ04-empty.yaml", "")

    told = "\n".join(refused(tmp_path))

    assert "ZZ03-not-yaml.yaml:2: not YAML" in told
    assert "ZZ04-empty.yaml:1: a check is a mapping" in told
    assert "ZZ02-five-mistakes.yaml:3" in told


def test_a_code_is_not_used_twice(tmp_path):
    original = next((folder("checks") / "ST").glob("ST02-*.yaml"))
    write(tmp_path, original.name, original.read_text(encoding="utf-8"))

    assert "the code ST02 is used twice" in refused(tmp_path)[0]


def test_the_file_name_is_the_code(tmp_path):
    original = next((folder("checks") / "ST").glob("ST02-*.yaml"))
    write(tmp_path, "ZZ05-other-name.yaml", original.read_text(encoding="utf-8"))

    assert "code is 'ST02', the file name says ZZ05" in refused(tmp_path)[0]


def test_too_few_examples_are_refused(tmp_path):
    original = next((folder("checks") / "ST").glob("ST02-*.yaml")).read_text(encoding="utf-8")
    write(tmp_path, "ZZ06-few.yaml", original.replace("code: ST02", "code: ZZ06").split("  bad:")[0])

    assert "needs at least two bad examples" in "\n".join(refused(tmp_path))


def test_a_check_that_needs_more_than_one_record_says_what_and_shows_a_record_alone(tmp_path):
    original = next((folder("checks") / "XR").glob("XR02-*.yaml")).read_text(encoding="utf-8").replace("code: XR02", "code: ZZ07")
    write(tmp_path, "ZZ07-needs.yaml", original.replace("needs: records", "needs: luck"))
    alone = original.replace("code: ZZ07", "code: ZZ08").split("  not_assessable:")[0]
    write(tmp_path, "ZZ08-never-alone.yaml", alone)

    told = "\n".join(refused(tmp_path))

    assert "needs is 'luck'; allowed are versions, records, languages" in told
    assert "needs a not_assessable example: a record that stands alone" in told


def test_a_pattern_that_can_explode_is_refused(tmp_path):
    (tmp_path / "words.yaml").write_text("patterns:\n  twice:\n    en: '(a+)\\1'\n    yes: [aa]\n    no: [b]\n", encoding="utf-8")

    with pytest.raises(AuditError, match=r"words\.yaml: twice: not a pattern that google-re2 knows"):
        load_vocabulary(tmp_path)


def test_a_code_or_family_that_does_not_exist_is_refused(catalogue):
    with pytest.raises(AuditError, match="no such check or family: QQ99"):
        catalogue.chosen(["QQ99"])


def test_checks_are_chosen_by_code_and_family(catalogue):
    assert [check.code for check in catalogue.chosen(["st02"])] == ["ST02"]
    assert {"ST", "DT"} == {check.family for check in catalogue.chosen(["ST", "DT"])}
    assert "ST02" not in {check.code for check in catalogue.chosen([], ["ST02"])}


def test_one_check_is_loaded_alone():
    assert load_check([folder("checks")], "ST02").name == "complete-without-actual-dates"
    assert load_check([folder("checks")], "QQ99") is None
