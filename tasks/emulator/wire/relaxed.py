"""What the contract may forbid or not: take it out of a raw task before that is checked."""

from collections.abc import Mapping

from tasks.emulator.wire.fields import Table


def drop_unknown(task: Mapping[str, object], root: Table, inner: Table) -> Mapping[str, object]:
    """Drop the fields that the tables do not name, at the root and in `settings`."""
    kept = {name: value for name, value in task.items() if name in root.names}
    settings = kept.get("settings")
    if isinstance(settings, dict):
        kept["settings"] = {name: settings[name] for name in settings if name in inner.names}
    return kept


def move_system_text(task: Mapping[str, object]) -> Mapping[str, object]:
    """Move messages of the role `system` behind `settings.systemPrompt`, where they are whole."""
    messages = task.get("messages")
    if not isinstance(messages, list):
        return task
    texts = [message["content"] for message in messages if _is_system(message)]
    if not texts:
        return task
    settings = task.get("settings", {})
    if isinstance(settings, dict):
        own = [settings["systemPrompt"]] if isinstance(settings.get("systemPrompt"), str) else []
        settings = settings | {"systemPrompt": "\n\n".join([*own, *texts])}
    turns = [message for message in messages if not _is_system(message)]
    return {**task, "messages": turns, "settings": settings}


def _is_system(message: object) -> bool:
    return (
        isinstance(message, dict)
        and message.keys() == {"role", "content"}
        and message["role"] == "system"
        and isinstance(message["content"], str)
    )
