import pytest

from tasks.infer.recalling import NotKeptError, recalling
from tasks.ledger.ledger import Ledger
from tests.infer.asking import PRICES, inference
from tests.infer.building import request, success


async def test_what_is_kept_is_recalled_as_it_was_paid_for(ledger: Ledger) -> None:
    asker, script = inference(ledger, success, prices=PRICES)
    paid = await asker.ask(request())

    recalled = await recalling(asker).ask(request())

    assert recalled.result.text == paid.result.text
    assert recalled.result.cost_usd == paid.result.cost_usd
    assert len(script.tasks) == 1


async def test_what_is_not_kept_is_neither_asked_for_nor_claimed(ledger: Ledger) -> None:
    asker, script = inference(ledger, success, prices=PRICES)

    with pytest.raises(NotKeptError):
        await recalling(asker).ask(request())

    assert script.tasks == []
    await asker.ask(request())  # nobody stands in its way
    assert len(script.tasks) == 1
