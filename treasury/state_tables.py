"""`docs/states.md`: every machine as a picture and a table, made from the step tables."""

from collections.abc import Iterator

from treasury.core.steps import Machine, machines

_HEAD = """# States

Made from the step tables in `*/states.py` by `manage.py generate_docs`; do not edit. PostgreSQL refuses every other
edge, and a birth in any state but the first named.
"""


def document() -> str:
    """The whole page."""
    parts = [_HEAD]
    for model, machine in sorted(machines().items(), key=lambda pair: _ORDER.index(pair[1].name)):
        parts.append("\n".join(_section(f"{model.__module__}.{model.__qualname__}", machine)))
    return "\n".join(parts) + "\n"


_ORDER = ("voucher", "instruction", "batch", "cheque", "access_request", "card")


def _section(model: str, machine: Machine) -> Iterator[str]:
    yield f"## {machine.title_zh} {machine.name}"
    yield ""
    yield f"Model `{model}`. Born as {', '.join(f'`{state}`' for state in machine.initial)}."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in machine.initial:
        yield f"    [*] --> {state}"
    for step in machine.steps:
        for source in step.sources:
            yield f"    {source} --> {step.target}: {step.verb}"
    yield "```"
    yield ""
    yield "| state | 狀態 | English | 可行步驟 steps |"
    yield "|---|---|---|---|"
    for state, (zh, en) in machine.states.items():
        verbs = ", ".join(f"`{step.verb}`" for step in machine.steps_from(state)) or "—"
        yield f"| `{state}` | {zh} | {en} | {verbs} |"
    yield ""
    yield "| step | 步驟 | English | from | to | permission | event | requirement |"
    yield "|---|---|---|---|---|---|---|---|"
    for step in machine.steps:
        sources = ", ".join(f"`{source}`" for source in step.sources)
        event = f"`{step.event}`" if step.event else "—"
        yield (
            f"| `{step.verb}` | {step.title_zh} | {step.title_en} | {sources} | `{step.target}` "
            f"| `{step.permission}` | {event} | {step.requirement} |"
        )
    yield ""
