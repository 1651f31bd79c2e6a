"""What is no file is never replaced by one."""

import os
import threading
from pathlib import Path

import pytest

from audit.errors import AuditError
from audit.whole import whole


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    """So does /dev/null, which the superuser could replace."""
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with whole(pipe) as file:
        file.write(b"all of it")
    reader.join(10)
    assert read == [b"all of it"]
    assert pipe.is_fifo()


def test_of_a_link_its_aim_is_written(tmp_path: Path) -> None:
    """The link stays a link."""
    aim, link = tmp_path / "aim.json", tmp_path / "link.json"
    aim.write_text("old")
    link.symlink_to(aim)
    with whole(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert aim.read_text() == "new"


def test_a_file_stays_as_it_was_when_the_writing_fails(tmp_path: Path) -> None:
    """Whole or not at all."""
    path = tmp_path / "out.json"
    path.write_text("old")
    with pytest.raises(TypeError), whole(path) as file:
        file.write(b"half" + "no bytes")  # type: ignore[operator]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_cannot_be_written(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(AuditError, match="cannot write"), whole(tmp_path) as file:
        file.write(b"")
