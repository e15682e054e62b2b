"""Read what a posting gives beside pay: insurance, board and lodging, days off, a bus."""

from __future__ import annotations

from bot.text import offered

#: What the ids are called where people read them.
NAMES = {
    "five_insurances": "五险",
    "housing_fund": "公积金",
    "meals": "包吃",
    "lodging": "包住",
    "meal_allowance": "餐补",
    "lodging_allowance": "房补",
    "shuttle": "班车",
    "travel_allowance": "交通补贴",
    "weekends_off": "双休",
    "one_day_off": "单休",
    "alternate_weekends": "大小周",
    "annual_leave": "带薪年假",
    "overtime_pay": "加班费",
    "year_end_bonus": "年终奖",
    "attendance_bonus": "全勤奖",
    "holiday_gifts": "节日福利",
    "health_check": "定期体检",
    "heat_allowance": "高温或取暖补贴",
}
_OFFERS = offered.offers(
    {
        "five_insurances": ("五险 六险 社保 5险 七险", r"[五六七5]险|(?:缴|交|上|买|购买|有)社保|社保(?:齐全|$|[,，、;；])"),
        "housing_fund": ("一金 两金 二金 公积金", r"险[一两二]金|(?:补充)?公积金"),
        "meals": (
            "包 管 供 餐 食宿 免费 吃住",
            r"[包管供]吃(?!苦)|[包管供]食|[包管供]饭|[包管]\S?[一两二三]?餐|提供食宿|食宿全?包|免费(?:提供)?(?:工作|午|三|早|晚|两|二)?餐|免费食宿|吃住(?:全包|免费)|提供(?:工作|午|三|早|晚|两)餐|工作餐(?!补)",
        ),
        "lodging": (
            "包 管 供 住宿 宿舍 食宿 吃住",
            r"[包管供]吃?包?住|[包管供]食?宿|(?:提供|免费)(?:食|住)宿|提供(?:免费)?(?:食宿|住宿|宿舍)|免费(?:提供)?(?:住宿|宿舍|公寓)|吃住(?:全包|免费)|食宿全?包|供住",
        ),
        "meal_allowance": ("餐补 餐饮补 饭补 餐贴 午餐补 伙食补 用餐补", r"餐补|餐饮补[贴助]|饭补|餐贴|午餐补[贴助]|伙食补[贴助]|用餐补[贴助]"),
        "lodging_allowance": ("房补 住房补 住宿补 租房补", r"房补|(?:住房|住宿|租房)补[贴助]"),
        "shuttle": ("班车 通勤车 车接 厂车", r"班车(?!司机)|通勤车(?!司机)|车接(?:车)?送|厂车接送"),
        "travel_allowance": ("交通补 车补 交补 通勤补", r"交通补[贴助]?|车补|交补|通勤补[贴助]"),
        "weekends_off": (
            "双休 五休二 5休2 五天工作 5天工作 周末休 周六日休 周末正常休 八天",
            r"(?<!单)双休|[做上干]?五休二|5休2|[五5]天工作|周末(?:正常)?休息|周六日休|月休(?:息)?[八8]天",
        ),
        "one_day_off": ("单休 六休一 6休1 月休四 月休4 休1天 休一天", r"单休|[做上干]?六休一|6休1|月休(?:息)?[四4]天|周?休(?:息)?[一1]天"),
        "alternate_weekends": ("大小周 单双休 大小休 月休六 月休6", r"大小[周休]|单双休|月休(?:息)?[六6]天"),
        "annual_leave": ("年假 年休假", r"年假|年休假"),
        "overtime_pay": ("加班补 加班费 加班工资 加班有", r"加班(?:补[贴助]|费|工资|有偿)"),
        "year_end_bonus": ("年终 双薪 13薪 14薪 十三薪", r"年终奖?(?:金|双薪)?|年底双薪|1[3-6]薪|十三薪"),
        "attendance_bonus": ("全勤", r"全勤"),
        "holiday_gifts": ("节日 过节 节假日福利", r"节日(?:福利|礼)|过节(?:费|礼|福利)|节假日福利"),
        "health_check": ("体检", r"(?:定期|年度|免费|每年)\S{0,2}体检"),
        "heat_allowance": ("高温 取暖 采暖 防暑 降温", r"高温(?:补|津|费)|取暖(?:补|费)|采暖补|防暑降温|降温费"),
    }
)  # fmt: skip


def field(text: str) -> tuple[str, ...]:
    """Return the ids of what a posting's words offer; what they deny (不包吃住) is not among them."""
    return offered.field(text, _OFFERS)
