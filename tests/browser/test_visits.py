"""A tab is lent to many visits, and each finds it as the first did."""

from __future__ import annotations

from tests.browser.demo import shown, visit


async def test_what_one_visit_holds_back_the_next_one_gets() -> None:
    async with shown() as started:
        async with visit(started.page) as visitor:
            await visitor.tab.route("**/static/**", lambda route: route.abort())
        async with visit(started.page) as visitor:
            await visitor.tab.locator("#member option").first.wait_for(state="attached")
