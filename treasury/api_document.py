"""`docs/api/openapi.yaml`: the OpenAPI document as it is committed."""

import json

import yaml

from treasury.core.api import openapi

_HEAD = "# Made by `manage.py generate_docs` from the operations themselves.\n"


def document() -> str:
    """The document as YAML, the same for the same code."""
    plain = json.loads(json.dumps(openapi.document()))
    return _HEAD + yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
