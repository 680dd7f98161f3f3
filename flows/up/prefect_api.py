"""The little that `docmill up` asks of a Prefect server, over its REST API.

Prefect itself takes seconds to import; `docmill up` never does.
"""

from datetime import datetime
from typing import Any

import httpx
from pydantic import SecretStr

POOL = "docmill"
PATIENCE_S = 5.0


class PrefectApi:
    """A client of one server; what cannot be reached is answered with None or False."""

    def __init__(self, url: str, auth: SecretStr | None = None) -> None:
        self.url = url.rstrip("/")
        secret = auth.get_secret_value().partition(":") if auth else None
        self._auth = httpx.BasicAuth(secret[0], secret[2]) if secret else None

    async def healthy(self) -> bool:
        """Tell whether the server answers."""
        return await self._ask("GET", "/health") is not None

    async def lets_us_in(self) -> bool:
        """Tell whether the server takes what we show it."""
        return await self._ask("POST", "/deployments/count", {}) is not None

    async def worker_is_online(self, name: str, *, since: datetime) -> bool:
        """Tell whether a worker of the pool has given a sign of life since a moment."""
        workers = await self._ask("POST", f"/work_pools/{POOL}/workers/filter", {})
        return any(
            worker["name"] == name and datetime.fromisoformat(worker["last_heartbeat_time"]) > since
            for worker in workers or ()
        )

    async def online_workers(self) -> int:
        """Count the workers of the pool that give signs of life."""
        workers = await self._ask("POST", f"/work_pools/{POOL}/workers/filter", {})
        return sum(worker["status"] == "ONLINE" for worker in workers or ())

    async def deployments(self) -> dict[str, str]:
        """Give the id of each of our deployments by its name."""
        found = await self._ask(
            "POST", "/deployments/filter", {"deployments": {"tags": {"all_": ["docmill"]}}}
        )
        return {deployment["name"]: deployment["id"] for deployment in found or ()}

    async def _ask(self, method: str, path: str, body: object = None) -> Any:
        try:
            async with httpx.AsyncClient(auth=self._auth, timeout=PATIENCE_S) as http:
                answer = await http.request(method, f"{self.url}{path}", json=body)
                return answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            return None
