"""Saying in words that a Prefect server does not answer, or lacks what is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.settings import get_current_settings

from tasks.core.errors import ConfigError


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Prefect's client raises into a ConfigError that says what to do."""
    url = get_current_settings().api.url
    try:
        yield
    except ObjectNotFound:
        raise ConfigError(
            f"the Prefect server at {url} lacks what docmill deploys there: run `docmill up`, or "
            "`prefect deploy --all --prefect-file deployments/prefect.yaml`"
        ) from None
    except (httpx.HTTPError, PrefectHTTPStatusError, RuntimeError) as error:
        cause = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(
            f"the Prefect server at {url} does not answer as it should ({cause[:200]}): "
            "start it with `docmill up`"
        ) from None
