"""A number of inputs -> that many, made by Hypothesis and shared among the targets, and what each target made of them.

``python -m fuzz.run --inputs 1000000`` (``make fuzz``). What fails is kept in ``tests/fuzz/corpus``, once for each place in the
code, and the run goes on; it ends with 1 where something failed.
"""

import argparse
import hashlib
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fuzz.mutate import Tape
from fuzz.targets import TARGETS, Target, held

CORPUS = Path(__file__).with_name("corpus")
BATCH = 10_000
TAPES, LENGTH = 16, 64
"""Tapes that are cut from one example of Hypothesis, which takes longer for each than most inputs; and bytes of a tape."""


class Counted:
    """What a target made of its inputs: how many, how long they took, the slowest, and what failed by its place in the code."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.inputs = self.size = 0
        self.spent = self.slowest = 0.0
        self.failed: dict[str, str] = {}
        self.times: Counter[str] = Counter()

    def run(self, inputs: int, start: int) -> None:
        """Make and hold that many inputs."""
        for at in range(0, inputs, BATCH):
            self._batch(min(BATCH, inputs - at), start + at)

    def _batch(self, inputs: int, number: int) -> None:
        examples = -(-inputs // TAPES)

        @seed(number)
        @settings(
            max_examples=examples, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(st.binary(min_size=TAPES * LENGTH, max_size=TAPES * LENGTH))
        def batch(bytes_: bytes) -> None:
            for at in range(0, len(bytes_), LENGTH):
                tape = bytes_[at : at + LENGTH]
                self.one(tape[1 : 9 + tape[0] % (LENGTH - 9)])

        batch()

    def one(self, tape: bytes) -> None:
        """Make an input of *tape* and hold it."""
        data = self.target.make(Tape(tape))
        began = time.process_time()
        try:
            held(self.target, data)
        except Exception as error:  # noqa: BLE001 - counted and kept
            self._keep(error, data)
        spent = time.process_time() - began
        self.inputs, self.size, self.spent = self.inputs + 1, self.size + len(data), self.spent + spent
        self.slowest = max(self.slowest, spent)

    def _keep(self, error: Exception, data: bytes) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        said = str(error) if isinstance(error, AssertionError) else f"{Path(frame.filename).name}:{frame.lineno}"
        name = f"{type(error).__name__} {' '.join(said.split()[:9])[:70]}"
        self.times[name] += 1
        if name not in self.failed:
            folder = CORPUS / self.target.name
            folder.mkdir(parents=True, exist_ok=True)
            self.failed[name] = hashlib.sha256(data).hexdigest()[:12]
            (folder / self.failed[name]).write_bytes(data)

    def line(self) -> str:
        """Return the figures in a line."""
        each = self.spent / self.inputs * 1000 if self.inputs else 0.0
        size = self.size / self.inputs if self.inputs else 0.0
        return f"{self.target.name:<18} {self.inputs:>9} {size:>9.0f} {each:>9.2f} {self.slowest:>9.2f} {sum(self.times.values()):>7}"


def main() -> int:
    """Run, print the figures of each target, return 1 where something failed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--inputs", type=int, default=20_000, help="how many in all [20000]")
    options.add_argument("--targets", default="", help="only these, separated by commas")
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    targets = [TARGETS[name] for name in chosen.targets.split(",")] if chosen.targets else list(TARGETS.values())
    whole = sum(one.share for one in targets)
    print(f"{'':<18} {'inputs':>9} {'bytes':>9} {'ms each':>9} {'slowest s':>9} {'failed':>7}", flush=True)
    counts = []
    for target in targets:
        one = Counted(target)
        one.run(-(-chosen.inputs * target.share // whole), chosen.seed)
        counts.append(one)
        print(one.line(), flush=True)
        for name, times in one.times.most_common():
            print(f"  {times:>6} times {name}: corpus/{target.name}/{one.failed[name]}", flush=True)
    print(f"{'in all':<18} {sum(one.inputs for one in counts):>9}", flush=True)
    return int(any(one.failed for one in counts))


if __name__ == "__main__":
    sys.exit(main())
