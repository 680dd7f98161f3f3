"""How long an answer takes."""

from tasks.emulator.faults.rules import Plan


def seconds_of(plan: Plan, default_s: float) -> float:
    """Draw the latency of a task."""
    if "latency" not in plan:
        return default_s
    fired = plan["latency"]
    if fired["distribution"] == "uniform":
        return fired.random.uniform(fired["low"], fired["high"])
    seconds: float = fired["seconds"]
    if fired["distribution"] == "lognormal":
        return seconds * fired.random.lognormvariate(0.0, fired["sigma"])
    return seconds
