"""Read occupations: the trades a message names, and the trade a posting's title is for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text.found import Found
from bot.text.gazetteer import Gazetteer
from bot.text.normalise import normalise, without_brackets
from bot.text.vocabulary import Vocabulary

#: Most occupations that one title is read as.
MOST = 3
#: Names that are trades in a title but too common as words in a message.
_ONLY_IN_TITLES = frozenset(
    "员工 工人 技术 工程 研发 运营 产品 专员 助理 主管 经理 主任 总监 部长 负责人 高管 管理员 开发 工程师 技术员 "
    "需求 平台 数据 资料 档案 材料 化学 安全 环保 法律 合规 资金 投资 融资 结算 成本 预算 审核 内容 电源 模拟 天线 芯片 "
    "视觉 生物 动物 实验室 医保 体检 口腔 门诊部 院长 教育 教学 语文 数学 英语 音乐 舞蹈 美术 心理 健康 健身 游泳 篮球 "
    "市场 渠道 商务 业务 推广 策划 品牌 公关 推荐 社区 党建 社区 网络 智能化 电力 电梯 空调 供暖 锅炉 机场 铁路 地铁 高铁 "
    "银行 保险 贷款 证券 股票 基金 理财 期货 信用卡 催收 金融 信托 外科 内科 儿科 妇科 超声 影像 放射 麻醉 种植 合成 "
    "仓库 宿舍 食堂 厨房 餐厅 饭店 超市 便利店 水果店 幼儿园 诊所 药店 网吧 酒吧 电影院 影院 工厂 车间 厂里 厂长 店长 "
    "汽车 房产 旅游 景区 票务 签证 翻译 日语 韩语 俄语 德语 法语 培训 招聘 人事 薪酬 社保专员 学徒 男工 女工 课程顾问 "
    "顾问 讲师 考研 考公 高考 中考 咨询 战略 接待 安装 维修 装修 检测 检验 试验员 计量 认证 体系 质量 品质 商标 专利 "
    "水利 公路 道路 隧道 桥梁 地质 采矿 矿山 石油 冶金 涂料 配方 发酵 细胞 食品 服装 数控 模具 塑料 电气 机械 电子 通信 硬件 "
    "软件 测试 运维 算法 直播 抖音 短视频 小红书 淘宝 天猫 亚马逊 跨境 电商 外贸 采购 物流 仓储 运输 调度 客服 行政 财务 "
    "审计 税务 统计 会务 秘书 组长 班长 主持 模特 演员 歌手 经纪人 公寓管家 生活管家 管家 理赔 出纳 包装 打包 装配 组装 "
    "开车 驾驶 做饭 看孩子 带孩子 车 设备 结构 材料 物业 家政 保洁 绿化 零工 临时工 小工 一线工人 工地 工地上 新闻 内容 "
    "养猪 养鸡 养牛 养鱼 养虾 种地 海产 水产 林业 农业 农场 果园 大棚 开货车 跟单 电话营销 话务 审核员 主播 统计师".split()
)
#: Of these, the ones that a message does mean as a trade (有没有会计的活, 物业招人吗).
_TRADES_ANYWAY = frozenset(
    "运营 物业 家政 保洁 绿化 零工 临时工 小工 工地 主播 出纳 包装 打包 装配 组装 直播 电商 外贸 采购 物流 仓储 客服 "
    "行政 财务 审计 税务 秘书 做饭 开车 带孩子 看孩子 养猪 养鸡 养牛 种地 大棚 店长 跟单 话务 翻译 人事 学徒 "
    "汽车 仓库 超市 食堂 药店 幼儿园 工厂 车间 厂里 安装 维修 装修 测试 运维 算法 调度 硬件 软件 数控 模具 员工 "
    "开货车 讲师 管家 男工 女工 机械 设备 翻译 工程师 技术员 护理 跟车".split()
)
#: Heads of titles that name a rank, not a trade: 品牌市场经理 is about 市场.
_RANKS = frozenset(
    "经理 主管 总监 专员 助理 主任 部长 负责人 员工 工程师 技术员 管理员 组长 班长 学徒 实习生 技术 高管 领班 顾问 讲师 "
    "高级工程师 助理工程师 总工程师 部门经理 副总经理 总经理 副总 主播助理 开发 研发 研发工程师 储备干部 管培生 工程".split()
)
#: What turns a trade in a message into something else: 会计师事务所 is an employer.
_NOT_BEHIND = re.compile(r"^(?:师事务所|事务所|学院|学校|专业毕业|资格证|从业资格|补贴|合同|费|公司的?(?:不要|不行))")
#: What a title says beside the trade.
_NOISE = re.compile(
    r"急招|诚聘|高薪|包吃住?|包住|五险一金|五险|六险一金|双休|单休|周末|直招|招聘|应届生?|实习生?|兼职|全职|可?接受小白|无经验"
    r"|零基础|学历不限|不加班|上五休二|朝九晚\S|提供食宿|就近安排|长期|大量|底薪\S*?(?=[ ,，]|$)|\d+[-~—]?\d*[k千万元]*"
)
_SPLIT = re.compile(r"(?:[\s/、，,|·＋&（）()\[\]【】\-—:：;；。!！*]|(?<![c+])\+(?!\+))+")


class OccupationReader:
    """Reads occupations with one vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        meanings: dict[str, list[str]] = {}
        for occupation in words.occupations.values():
            for name in (occupation.name, *occupation.aliases):
                known = meanings.setdefault(normalise(name).text, [])
                if occupation.name not in known:
                    known.append(occupation.name)
        own = {normalise(name).text: name for name in words.occupations}
        # A name of the vocabulary means itself first, whatever else uses it as an alias.
        every = {
            name: (own[name], *(m for m in means if m != own[name])) if name in own else tuple(means)
            for name, means in meanings.items()
        }
        self._titles = Gazetteer(every.items())
        banned = _ONLY_IN_TITLES - _TRADES_ANYWAY
        self._messages = Gazetteer(
            (name, means) for name, means in every.items() if name not in banned
        )

    def read(self, text: str) -> list[Found[tuple[str, ...]]]:
        """Return the trades a normalised message names."""
        return [
            hit for hit in self._messages.find(text) if not _NOT_BEHIND.match(text[hit.end :])
        ]

    def title(self, title: str) -> list[str]:
        """Return the occupations a posting's title is for, best first, at most three.

        The head of a Chinese title stands last (电商客服 is a 客服), so within a piece the last
        name counts most; pieces in brackets and behind a dash count less.
        """
        text = normalise(title).text
        whole = without_brackets(text)
        names = self._pieces(_SPLIT.split(_NOISE.sub(" ", whole)))
        if not names:
            names = self._pieces(_SPLIT.split(_NOISE.sub(" ", text)))
        return names[:MOST] or self._pieces(_SPLIT.split(text))[:MOST]

    def _pieces(self, pieces: Iterable[str]) -> list[str]:
        hits: list[tuple[int, int, tuple[str, ...]]] = []
        for place, piece in enumerate(pieces):
            found = self._titles.find(piece)[::-1]
            ranked = sorted(found, key=lambda hit: hit.text in _RANKS)
            for rank, hit in enumerate(ranked):
                hits.append((rank + 5 * (hit.text in _RANKS), place, hit.value))
        names: list[str] = []
        for _, _, means in sorted(hits, key=lambda h: (h[0] > 4, h[0] > 0, h[1], h[0])):
            if means[0] not in names:
                names.append(means[0])
        return names
