"""`python -m bot wechat …`: the menu of the official account."""

from __future__ import annotations

import asyncio
import json

import typer

from bot.settings import settings

app = typer.Typer(help="The WeChat official account.", no_args_is_help=True)
menu_app = typer.Typer(help="Its menu: data/wechat_menu.yml.", no_args_is_help=True)
app.add_typer(menu_app, name="menu")


@menu_app.command("check")
def check() -> None:
    """Check the file against the platform's limits and print the menu as it would be sent."""
    from bot.channels.wechat.menu import MenuError, menu

    try:
        typer.echo(json.dumps(menu().to_api(), ensure_ascii=False, indent=2))
    except MenuError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong


@menu_app.command("push")
def push() -> None:
    """Replace the account's menu by the one of the file."""
    from bot.channels.wechat.menu import menu

    asyncio.run(_call("push", menu().to_api()))


@menu_app.command("delete")
def delete() -> None:
    """Delete the account's menu."""
    asyncio.run(_call("delete", {}))


async def _call(action: str, menu: dict[str, object]) -> None:
    from bot.channels.wechat.account import WeChatAccount
    from bot.channels.wechat.api import WeChatApi
    from bot.delivery.outcome import Sent

    account = WeChatAccount.from_settings(settings())
    if account is None:
        typer.echo("JIUYE_WECHAT_APPID is not set", err=True)
        raise typer.Exit(1)
    api = WeChatApi(account)
    outcome = await (api.put_menu(menu) if action == "push" else api.delete_menu())
    await api.close()
    if not isinstance(outcome, Sent):
        typer.echo(f"{outcome.reason} ({outcome.code})", err=True)
        raise typer.Exit(1)
    typer.echo("done; people see it within a few minutes, at once after following anew")
