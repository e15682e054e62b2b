"""审计: the log of looks, and whether its chain holds."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.audit.chain import entries, verify
from bot.casework.roles import AUDIT, Staff
from bot.console.web import page
from bot.db.session import Session
from bot.list_exports.exports import exports_of

#: Rows of the page.
ROWS = 200
ACTIONS = {
    "view": "看一个人", "view_phone": "看电话", "view_id_number": "看身份证号", "register": "登记",
    "import": "导入", "import_undone": "撤回导入", "grant": "给角色", "revoke": "收回角色",
    "exit_proposed": "提出注销", "exit_confirmed": "同意注销", "exit_refused": "退回注销",
    "exit_restored": "恢复登记", "view_firms": "看预警企业", "warning_run": "算预警",
    "firm_candidate": "录预警企业", "firm_verified": "核实企业", "firm_rejected": "排除企业",
    "firm_listed": "列入名单", "firm_served": "开始帮扶", "firm_worse": "记为加重",
    "firm_resolved": "记为化解", "list_frozen": "定名单", "report_prepared": "编月报",
    "report_approved": "批准月报", "report_read": "看月报",
    "add_account": "开账号", "close_account": "关账号",
    "factor_enrolled": "设第二重验证", "factor_removed": "停用第二重验证",
    "factor_reset": "重设第二重验证", "factor_demanded": "要求第二重验证",
    "recovery_code_used": "用恢复码登录", "recovery_codes_renewed": "换恢复码",
    "export": "导出名单", "export_approved": "同意导出", "export_refused": "退回导出",
    "export_file": "下载导出", "transfer_proposed": "提出转移", "transfer_accepted": "同意转移",
    "transfer_refused": "退回转移", "transfer_withdrawn": "撤回转移",
}  # fmt: skip


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [web.get("/audit", show)]


async def show(request: web.Request) -> web.Response:
    """Show the newest rows: ?actor=…&person=…&verify=1."""
    query = request.query
    actor, person = query.get("actor", "")[:80], query.get("person", "")[:20]
    wants_proof = query.get("verify") == "1"

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(AUDIT)
        return {
            "rows": entries(db, "person" if person else "", person, actor, ROWS),
            "exports": exports_of(db, int(person)) if person.isdigit() and len(person) < 10 else [],
            "proof": verify(db) if wants_proof else None, "actor": actor, "person": person,
            "actions": ACTIONS,
        }  # fmt: skip

    return await page(request, "audit.html", work)
