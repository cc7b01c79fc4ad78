"""`python -m benchmarks`: every measured ratio, one JSON line each, each measured in one run with its baseline."""

import subprocess
import sys

MEASURES = ("benchmarks.signing", "benchmarks.ledger", "benchmarks.pipeline", "benchmarks.queues")


def main() -> int:
    """Runs each measure in a process of its own; exits with the first failure's code."""
    for module in MEASURES:
        done = subprocess.run([sys.executable, "-m", module], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
