#!/usr/bin/env python
"""Django's command line; `manage.py help` lists the commands of the contract."""

import json
import os
import sys


def main() -> None:
    """Runs one command; settings that production lacks are a problem object and exit code 2, like all else."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")
    from django.core.management import execute_from_command_line

    from treasury.core.errors import Problem
    from treasury.environment import NotConfigured

    try:
        execute_from_command_line(sys.argv)
    except NotConfigured as error:
        print(json.dumps(Problem("not_configured", str(error)).as_dict(), ensure_ascii=False), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
