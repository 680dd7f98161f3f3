def through_the_flow(url: str, calls: int) -> tuple[float, float, float]:
    raise NotImplementedError
