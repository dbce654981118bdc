"""The demo newspapers on ports that nobody has, for a run beside others."""

import runpy
import sys
from pathlib import Path

SERVE = Path(__file__).resolve().parent.parent / "site" / "serve.py"

if __name__ == "__main__":
    sys.argv = [str(SERVE), "--port", "0"]
    sys.path.insert(0, str(SERVE.parent))
    runpy.run_path(str(SERVE), run_name="__main__")
