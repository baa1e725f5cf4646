"""The committed CSV files are what the generator makes."""

import os
import subprocess
import sys
from pathlib import Path

from demo.dataset import DATA


def test_the_generator_makes_the_committed_files_to_the_byte(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(DATA / "generate.py"), str(tmp_path)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(DATA.parent.parent)},
    )

    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in DATA.glob("*.csv")}
