"""What customers of the measured bank wrote: sentences in English and Chinese, put together by chance."""

from random import Random

ENGLISH = (
    "The machine kept my card and nobody at the branch could tell me when I get it back.",
    "I was charged an annual fee although the clerk had promised that the first year is free.",
    "The transfer of my salary has been missing since Monday and the rent is due on Friday.",
    "Your hotline let me wait for forty minutes and then the line was cut.",
    "I never signed this insurance contract, yet the premium was taken from my account.",
    "The app shows a loan that I repaid in March, and the credit bureau still lists it.",
    "My late father's deposit is blocked although we handed in every paper twice.",
    "The exchange rate on the receipt differs from the one on the screen by two percent.",
    "A stranger knew my balance and called me by name an hour after I opened the account.",
    "The mortgage was approved with another interest rate than the one in the offer.",
    "Somebody paid with my card in a city where I have never been.",
    "The clerk at the counter was rude to my mother, who is eighty and hard of hearing.",
)
CHINESE = (
    "自动取款机吞了我的卡，网点没有人能告诉我什么时候可以取回。",
    "理财产品到期后没有按照合同约定的收益率兑付本金和利息。",
    "客服热线一直占线，等了四十分钟以后电话被挂断。",
    "信用卡年费被重复扣收，柜员说下个月退款，至今没有到账。",
    "我从未申请过这笔贷款，征信报告上却显示已经逾期。",
    "手机银行转账失败，钱已经扣了，对方账户没有收到。",
    "网点经理态度恶劣，拒绝为老年客户办理存折补登。",
    "保险是在存款的时候被误导购买的，要求全额退保。",
)
RARE = (
    "The safe deposit box was opened without a witness.",
    "遗产公证书被柜台遗失。",
    "A wheelchair does not fit through the new door.",
)
FAMILY = ("Li", "Wang", "Zhang", "Liu", "Chen", "Smith", "Hughes", "Bennett", "Okafor", "Schmidt")
GIVEN = ("Hua", "Wei", "Na", "Lei", "Emma", "James", "Olivia", "Daniel", "Amina", "Karl")
NAMES = ("王伟", "李娜", "张磊", "刘芳", "陈静", "欧阳修远")


def a_story(chance: Random) -> str:
    """Some three hundred characters in one of the languages; one in five hundred tells of something rare."""
    told = chance.sample(ENGLISH, 4) if chance.random() < 0.6 else chance.sample(CHINESE, 6)
    if chance.random() < 0.002:
        told.append(chance.choice(RARE))
    return " ".join(told)


def a_name(chance: Random) -> str:
    """Somebody's name."""
    if chance.random() < 0.4:
        return chance.choice(NAMES)
    return f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
