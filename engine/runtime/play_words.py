"""What the simulated customers and staff of the demo say, in Chinese and English; all of it invented."""

from dataclasses import dataclass

ZH, EN = "zh_Hans_CN", "en"


@dataclass(frozen=True, slots=True)
class Grievance:
    """What a customer tells: words, wish, product, what kind of thing it is, and about how much money."""

    language: str
    nature: str
    product: str
    text: str
    wish: str
    least: int = 0
    most: int = 0
    departments: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def _zh(
    nature: str, product: str, text: str, wish: str, least: int = 0, most: int = 0, *more: str
) -> Grievance:
    return _one(ZH, nature, product, text, wish, least, most, more)


def _en(
    nature: str, product: str, text: str, wish: str, least: int = 0, most: int = 0, *more: str
) -> Grievance:
    return _one(EN, nature, product, text, wish, least, most, more)


def _one(
    language: str,
    nature: str,
    product: str,
    text: str,
    wish: str,
    least: int,
    most: int,
    more: tuple[str, ...],
) -> Grievance:
    departments = tuple(word for word in more if word.isupper())
    flags = tuple(word for word in more if not word.isupper())
    return Grievance(language, nature, product, text, wish, least, most, departments, flags)


GRIEVANCES = (
    _zh("business_error", "cash_machine", "昨晚在徐汇支行门口的自助机取款，机器吞了五千元没有吐钞，账户却已经扣款。", "请尽快核实并退回款项。", 1000, 5000),
    _zh("service_attitude", "service", "柜台工作人员让我等了两个小时，询问时态度很不耐烦，还说爱办不办。", "希望当面道歉。"),
    _zh("fee_dispute", "credit_card", "信用卡被收取年费，办卡时客户经理明确说刷满六次免年费，我早就刷满了。", "退还年费并说明规则。", 100, 800),
    _zh("fee_dispute", "account", "账户每月被扣小额管理费，开户时没有人告诉过我有这项收费。", "退还一年来的管理费。", 12, 120),
    _zh("product_defect", "mobile_bank", "手机银行更新以后一直闪退，工资到账也看不到，打电话说让我重装，装了三遍都不行。", "修好，或者告诉我怎么办。", 0, 0, "OPS"),
    _zh("information_security", "account", "刚在你们网点留了电话，当天就接到三个贷款推销，对方知道我的姓名和存款金额。", "查清是谁泄露的并给我书面答复。", 0, 0, "CARE", "security_incident"),
    _zh("business_error", "payment", "转账给房东，附言和账号都填对了，钱却退回来还扣了手续费，房东要收滞纳金。", "退手续费并赔偿滞纳金。", 50, 600, "OPS"),
    _zh("business_error", "mortgage", "提前还款预约成功后系统没有扣款，又多算了一个月利息。", "退回多收的利息。", 800, 6000, "FIN"),
    _zh("product_defect", "wealth", "客户经理推荐的理财说是保本，到期亏了百分之六，合同上的风险等级和他说的完全不一样。", "赔偿本金损失。", 5000, 60000, "RISK", "LEGAL"),
    _zh("service_attitude", "service", "老人办理社保卡激活，工作人员要求本人到场，老人行动不便，电话里没有任何通融。", "请上门办理。", 0, 0, "vulnerable"),
    _zh("business_error", "debit_card", "银行卡莫名被冻结，柜台说不清原因，三天没法用钱吃饭。", "解除冻结，说明原因。", 0, 0, "RISK"),
    _zh("information_security", "mobile_bank", "收到冒充贵行的短信，点链接后账户里的两万八被转走了，报警后银行说要等。", "立即止付并追回资金。", 8000, 48000, "RISK", "fraud"),
    _zh("fee_dispute", "loan", "贷款结清后又被收了账户服务费，客服每次说法都不一样。", "退费并统一口径。", 60, 900),
    _zh("product_defect", "insurance", "在网点买的是存款，回家一看是十年期保险，退保要扣一半。", "全额退保。", 10000, 50000, "LEGAL", "MKT", "vulnerable"),
    _zh("service_attitude", "service", "拨打客服热线等了四十分钟才接通，没说几句就被挂断。", "改进热线，回电说明。"),
    _zh("business_error", "loan", "征信上出现一笔我从未办理过的贷款，影响我买房。", "更正征信并出具证明。", 0, 0, "RISK", "OPS"),
    _zh("other", "account", "上门推销的自称贵行员工，让我下载一个软件办卡，不知道真假。", "请核实。"),
    _zh("fee_dispute", "payment", "跨行转账被收了手续费，可是贵行公告说全部免费。", "退还手续费。", 5, 60),
    _zh("business_error", "credit_card", "信用卡自动还款失败没有任何提醒，产生滞纳金还上了征信。", "免除滞纳金并删除逾期记录。", 80, 1500, "OPS"),
    _zh("product_defect", "cash_machine", "自助存款机少计了八百元，机器打印的凭条也模糊不清。", "调监控核实后补记。", 300, 2000),
    _zh("service_attitude", "mortgage", "房贷经办人让我补了五次材料，每次都说上次漏讲，拖了一个半月还没放款。", "一次告知，尽快放款。", 0, 0, "RETAIL"),
    _zh("information_security", "credit_card", "催收电话打给我的同事和父母，把我的欠款细节都说了出去。", "停止骚扰并道歉。", 0, 0, "LEGAL"),
    _zh("other", "service", "网点门口的无障碍坡道被杂物挡住，轮椅进不去。", "清理并保持通畅。", 0, 0, "vulnerable"),
    _zh("business_error", "account", "销户时工作人员算错利息，少付了两百多。", "补付利息。", 100, 400),
    _zh("product_defect", "mobile_bank", "同一笔水电费在手机银行扣了两次，客服让我找自来水公司。", "退回重复扣款。", 60, 500),
    _zh("service_attitude", "wealth", "理财经理天天打电话推销，说了多次不要再打还是打。", "停止营销电话。", 0, 0, "MKT"),
    _en("business_error", "cash_machine", "The cash machine in the lobby kept my card and 300, and the branch told me to wait two weeks.", "My money back this week.", 100, 500),
    _en("fee_dispute", "account", "I was charged an overdraft fee three times in one day for the same card payment.", "Refund the fees.", 30, 120),
    _en("service_attitude", "service", "The person at the counter laughed at my accent and would not repeat the question.", "An apology."),
    _en("product_defect", "mobile_bank", "Since the last update the app signs me out while I am paying, and the payment goes out twice.", "Return the second payment and fix it.", 20, 900, "IT", "OPS"),
    _en("information_security", "account", "A letter with another customer's statement was in my envelope, so I wonder who has mine.", "Tell me who saw my data.", 0, 0, "OPS", "security_incident"),
    _en("business_error", "payment", "My salary was credited to someone else's account although the number on the slip is right.", "Put it right today.", 900, 4000, "OPS"),
    _en("fee_dispute", "credit_card", "Interest was charged on a balance I had paid in full two days before the due date.", "Take the interest off.", 10, 200),
    _en("product_defect", "insurance", "I was sold payment protection with my loan although I am self-employed and it could never pay.", "All premiums back with interest.", 400, 3500, "LEGAL", "FIN"),
    _en("business_error", "mortgage", "My mortgage rate was changed a month early and nobody can say why.", "Correct the rate and refund the difference.", 150, 1800, "FIN"),
    _en("service_attitude", "service", "I was passed between five people on the phone and explained everything five times.", "One person who deals with it."),
    _en("information_security", "mobile_bank", "Someone opened an account in my name with a photo that is not me. Money is leaving it now.", "Stop it at once.", 1500, 9000, "RISK", "fraud"),
    _en("other", "service", "The branch has no seat for people who cannot stand, and the queue took fifty minutes.", "A chair, please.", 0, 0, "vulnerable"),
    _en("fee_dispute", "payment", "You took a fee for a transfer abroad that the price list says is free.", "Refund it.", 10, 60),
    _en("business_error", "loan", "I paid my loan off in March and still receive letters that I am in arrears.", "Stop the letters and correct my record.", 0, 0, "RETAIL"),
    _en("product_defect", "wealth", "The fund was described as low risk and lost a fifth of its value; the fact sheet says high risk.", "Compensation for the loss.", 2000, 15000, "RISK", "LEGAL"),
    _en("business_error", "debit_card", "My card was declined in a hospital abroad because a travel note I gave was not entered.", "An explanation and my costs.", 50, 700),
    _en("service_attitude", "mortgage", "Three appointments for my mortgage were cancelled on the day, and I nearly lost the house.", "A firm date and an apology.", 0, 0, "RETAIL"),
    _en("other", "account", "I would like to know your opening hours over the holidays.", "Please tell me."),
    _en("fee_dispute", "account", "A dormant account fee was taken although I used the account last month.", "Refund and waive it.", 15, 90),
    _en("information_security", "credit_card", "A debt collector you hired rang my employer and spoke about my card.", "Make them stop.", 0, 0, "LEGAL"),
)  # fmt: skip

CUSTOMERS_ZH = (
    *(
        "王秀英",
        "李建国",
        "张丽华",
        "刘志强",
        "陈思雨",
        "杨晓东",
        "赵敏",
        "黄海燕",
        "周文杰",
        "吴桂兰",
        "徐浩然",
        "孙婷婷",
    ),
    *(
        "朱国平",
        "马俊",
        "胡雪梅",
        "郭子轩",
        "林美玲",
        "何晓明",
        "高远",
        "梁佳怡",
        "郑成",
        "宋雅琴",
        "谢军",
        "唐莉",
    ),
)
CUSTOMERS_EN = (
    *("Alice Morton", "George Hale", "Priya Nair", "Tom Becker", "Maria Lopez", "Ethan Brooks", "Nora Quinn"),
    *(
        "Liam Carter",
        "Zara Ahmed",
        "Hugo Martin",
        "Ella Young",
        "Oscar Wilde-Reyes",
        "Ivy Chen",
        "Jack Sutton",
    ),
)

FOUND = {
    ZH: {
        "upheld": "经调取系统流水、监控和通话录音核实，客户所述属实，差错由本行造成。",
        "partly_upheld": "经核实，客户所述部分属实：手续符合规定，但告知不充分。",
        "not_upheld": "经核实，业务办理符合合同和收费公示，未发现本行过错。",
    },
    EN: {
        "upheld": "System records, camera and call recordings confirm what the customer told us. The fault is ours.",
        "partly_upheld": "Part of it is confirmed: the steps followed the rules, but we explained them poorly.",
        "not_upheld": "The records show that the terms and the price list were followed. We found no fault of ours.",
    },
}
BASIS = {
    ZH: "系统流水、通话录音、监控录像、客户提供的材料。",
    EN: "System records, call recording, camera footage and what the customer sent us.",
}
MEASURES = {
    ZH: {
        "upheld": "退还相关款项，当面致歉，并复训经办人员。",
        "partly_upheld": "补偿部分费用，书面说明规则。",
        "not_upheld": "向客户说明合同条款和依据，并告知申诉途径。",
    },
    EN: {
        "upheld": "Refund the amount, apologise, and train the staff concerned again.",
        "partly_upheld": "Refund a part and explain the rule in writing.",
        "not_upheld": "Explain the terms and their basis, and name the way to appeal.",
    },
}
REASONS = {
    ZH: "我们核对了您提供的材料和系统记录，依据服务协议和收费公示作出上述结论。",
    EN: "We compared what you sent us with our records, and decided by the agreement and the price list.",
}
APPEAL = {
    ZH: "如不同意本答复，您可在收到之日起三十日内向上级行申请核查，或拨打12378、申请调解、仲裁或诉讼。",
    EN: "If you disagree, you may ask for a review within 30 days, or take it to the ombudsman free of charge.",
}
QUESTION = {
    ZH: "请说明贵部门在本件中的处理经过、原因和责任。",
    EN: "Please tell us what your department did, why, and its share.",
}
DEPARTMENT_SAYS = {
    ZH: (
        "已核对记录，操作符合流程。",
        "系统批处理延迟造成，已修复。",
        "经办人员未按规定告知，属我部门责任。",
    ),
    EN: (
        "We checked the records; the steps were followed.",
        "A late batch run caused it; it is mended.",
        "Our staff did not explain it as they should have.",
    ),
}
RETURN_SAYS = {ZH: "本件不属我部门职责，建议转运营部门。", EN: "This is not ours; operations would know."}
JOINT = {
    ZH: "各部门意见一致：差错发生在流程衔接处。",
    EN: "The departments agree: it went wrong where one hands over to the next.",
}
MORE = {
    ZH: (
        "补充：我找到了当天的凭条，照片随后提供。",
        "补充：客服又给我打过电话，说法不一样。",
        "补充：这件事已经影响到我的征信。",
    ),
    EN: (
        "I found the receipt of that day.",
        "Someone rang me since and said something else.",
        "It has now cost me another fee.",
    ),
}
WITHDRAWN = {ZH: "问题已经解决，撤回投诉。", EN: "It has been sorted out; I take it back."}
APPROVER_SAYS = {ZH: "请补充计算依据后再报。", EN: "Please add how the amount was worked out."}
QUALITY_SAYS = {ZH: "理由部分请写得更具体。", EN: "Please make the reasons more concrete."}
NO_COMPLAINT = {ZH: "这是咨询，不是投诉。", EN: "This is a question, not a complaint."}
POINTER = {
    ZH: "感谢来信。您咨询的内容可在官网查询，或拨打客服热线。",
    EN: "Thank you. You will find this on our website, or ring our hotline.",
}
NOTE = {ZH: "已联系客户并说明。", EN: "Talked it through with the customer."}
