"""Which files a deployed run may reach: whoever can start one names paths on the worker.

What a person runs on the command line reads and writes what that person may.
"""

import glob
from collections.abc import Iterable
from pathlib import Path

from prefect.runtime import deployment

from flows.request import Request
from tasks.core.errors import ConfigError
from tasks.core.settings import Settings
from tasks.extract.reading import Reading
from tasks.extract.sources import Source, expanded


def within_roots(request: Request, settings: Settings) -> Request:
    """Give a deployed run's request with whole paths; ConfigError for one that leads outside.

    A path that is not absolute begins in the first root.
    """
    if not is_deployed():
        return request
    template = request.template
    return request.model_copy(
        update={
            "sources": tuple(str(reachable(Path(s), settings)) for s in request.sources),
            "to": reachable(request.to, settings),
            "template": reachable(template, settings) if template else None,
        }
    )


def is_deployed() -> bool:
    """Tell whether this flow run was started from a deployment."""
    return deployment.id is not None


def reachable(path: Path, settings: Settings) -> Path:
    """Give the whole path of a file, folder or glob below the roots; ConfigError for any other."""
    whole = settings.roots[0] / expanded(path)
    if ".." in whole.parts or not _is_inside(_before_wildcards(whole), settings):
        roots = ", ".join(map(str, settings.roots))
        raise ConfigError(
            f"{path} lies outside the folders that deployed runs may reach ({roots}): put it "
            "there, or have DOCMILL_ROOTS name its folder where the worker runs"
        )
    return whole


def lead_outside(sources: Iterable[Source], settings: Settings) -> tuple[Reading, ...]:
    """Give for a deployed run the sources that are links to elsewhere, as failed to read."""
    if not is_deployed():
        return ()
    return tuple(
        Reading(
            source=source,
            failure=f"{source.name}: it is a link that leads outside the folders that deployed "
            "runs may reach (DOCMILL_ROOTS): put the file itself there",
        )
        for source in sources
        if not _is_inside(source.path, settings)
    )


def _is_inside(path: Path, settings: Settings) -> bool:
    """Tell whether a path, all links followed, is below a root, and not in docmill's own home."""
    real = path.resolve()
    return any(real.is_relative_to(root.resolve()) for root in settings.roots) and not (
        real.is_relative_to(settings.home.resolve())
    )


def _before_wildcards(path: Path) -> Path:
    """Give the part of a glob that names one place."""
    if not path.exists() and glob.has_magic(str(path)):
        wild = next(at for at, part in enumerate(path.parts) if glob.has_magic(part))
        return Path(*path.parts[:wild])
    return path
