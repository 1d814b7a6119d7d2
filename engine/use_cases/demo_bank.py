"""The demo bank: head office, two branches, four sub-branches, their departments, and people of every role."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.domain.actor import SYSTEM
from engine.domain.errors import OutOfOrder
from engine.domain.events import HistoryEvent
from engine.domain.organisation import Person, Role, RoleGrant, Unit, UnitKind
from engine.domain.task import TaskState
from engine.ports import Ports, UnitOfWork
from engine.use_cases.calendars import AMERICA, BRITAIN, CHINA, calendar_of_country

SETTING = "demo"
ENGLISH, CHINESE = "en", "zh_Hans_CN"
R = Role


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the demo bank, before it has an id."""

    code: str
    name: str
    name_zh: str
    kind: UnitKind
    parent: str | None
    calendar: str = CHINA


HEAD_OFFICE = "HO"
DEPARTMENTS = (
    ("CP", "Consumer Protection", "消费者权益保护部"),
    ("LEGAL", "Legal", "法律合规部"),
    ("FIN", "Finance", "财务部"),
    ("RETAIL", "Retail Banking", "零售业务部"),
    ("MKT", "Marketing", "市场部"),
    ("OPS", "Operations", "运营管理部"),
    ("RISK", "Risk", "风险管理部"),
    ("CARE", "Customer Care", "客户服务部"),
    ("CARDS", "Card Centre", "银行卡中心"),
    ("IT", "IT & Information Security", "信息科技与安全部"),
)
PLACES = (
    Place(HEAD_OFFICE, "Head Office", "总行", UnitKind.HEAD_OFFICE, None),
    *(Place(code, name, zh, UnitKind.DEPARTMENT, HEAD_OFFICE) for code, name, zh in DEPARTMENTS),
    Place("SH", "Shanghai Branch", "上海分行", UnitKind.BRANCH, HEAD_OFFICE),
    Place("SH-OPS", "Shanghai Operations", "上海分行运营部", UnitKind.DEPARTMENT, "SH"),
    Place("SH-SVC", "Shanghai Customer Service", "上海分行客户服务部", UnitKind.DEPARTMENT, "SH"),
    Place("SH-XH", "Xuhui Sub-branch", "徐汇支行", UnitKind.SUB_BRANCH, "SH"),
    Place("SH-PD", "Pudong Sub-branch", "浦东支行", UnitKind.SUB_BRANCH, "SH"),
    Place("INTL", "International Branch", "国际分行", UnitKind.BRANCH, HEAD_OFFICE, BRITAIN),
    Place("INTL-OPS", "International Operations", "国际分行运营部", UnitKind.DEPARTMENT, "INTL", BRITAIN),
    Place(
        "INTL-SVC",
        "International Customer Service",
        "国际分行客户服务部",
        UnitKind.DEPARTMENT,
        "INTL",
        BRITAIN,
    ),
    Place("INTL-LON", "London City Sub-branch", "伦敦金融城支行", UnitKind.SUB_BRANCH, "INTL", BRITAIN),
    Place("INTL-NYC", "New York Midtown Sub-branch", "纽约中城支行", UnitKind.SUB_BRANCH, "INTL", AMERICA),
)

# Who works where: unit, roles held there, roles held for the whole bank; one line a person.
Post = tuple[str, tuple[Role, ...], tuple[Role, ...]]
OF_EVERY_DEPARTMENT: tuple[tuple[Role, ...], ...] = (
    (R.HEAD, R.APPROVER),
    (R.HANDLER, R.COORDINATOR),
    (R.HANDLER, R.CONTRIBUTOR),
    (R.CONTRIBUTOR, R.COORDINATOR),
)
OF_WHOLE_BANK: tuple[Post, ...] = (
    ("CP", (), (R.TRIAGE_OFFICER,)),
    ("CP", (), (R.TRIAGE_OFFICER,)),
    ("CP", (), (R.TRIAGE_OFFICER,)),
    ("CP", (), (R.CONSUMER_PROTECTION,)),
    ("CP", (), (R.CONSUMER_PROTECTION,)),
    ("CP", (), (R.QUALITY_OFFICER,)),
    ("CP", (), (R.QUALITY_OFFICER,)),
    ("CP", (), (R.APPEAL_REVIEWER,)),
    ("CP", (), (R.ANALYST,)),
    ("RISK", (), (R.APPROVER,)),
    ("FIN", (), (R.APPROVER,)),
    ("CARE", (), (R.CUSTOMER_CARE,)),
    ("CARE", (), (R.CUSTOMER_CARE,)),
    ("CARE", (), (R.FIRST_OWNER,)),
    ("CARE", (), (R.FIRST_OWNER,)),
    ("LEGAL", (), (R.LEGAL,)),
    ("FIN", (), (R.FINANCE,)),
    ("HO", (), (R.EXECUTIVE,)),
    ("HO", (), (R.EXECUTIVE,)),
    ("OPS", (), (R.PROCESS_DESIGNER,)),
    ("CP", (), (R.PROCESS_DESIGNER,)),
    ("IT", (), (R.ADMINISTRATOR,)),
)
OF_EVERY_BRANCH: tuple[tuple[Role, ...], ...] = (
    (R.HEAD, R.APPROVER),
    (R.FIRST_OWNER, R.HANDLER),
    (R.TRIAGE_OFFICER,),
)
OF_EVERY_SUB_BRANCH: tuple[tuple[Role, ...], ...] = ((R.HEAD,), (R.FIRST_OWNER,), (R.FIRST_OWNER,))

SURNAMES = (
    *(("Wang", "王"), ("Li", "李"), ("Zhang", "张"), ("Liu", "刘"), ("Chen", "陈"), ("Yang", "杨")),
    *(("Zhao", "赵"), ("Huang", "黄"), ("Zhou", "周"), ("Wu", "吴"), ("Xu", "徐"), ("Sun", "孙")),
    *(("Hu", "胡"), ("Zhu", "朱"), ("Gao", "高"), ("Lin", "林"), ("He", "何"), ("Guo", "郭"), ("Ma", "马")),
)
GIVEN = (
    *(("Na", "娜"), ("Wei", "伟"), ("Fang", "芳"), ("Lei", "磊"), ("Jing", "静"), ("Qiang", "强")),
    *(("Min", "敏"), ("Yan", "燕"), ("Jie", "杰"), ("Tao", "涛"), ("Xin", "欣"), ("Hao", "浩")),
    *(("Ting", "婷"), ("Peng", "鹏"), ("Yu", "宇"), ("Mei", "梅"), ("Bo", "波")),
)
ABROAD = (
    *(("Emma Clarke", "艾玛·克拉克"), ("James Hughes", "詹姆斯·休斯"), ("Olivia Bennett", "奥利维娅·班尼特")),
    *(("Daniel Reed", "丹尼尔·里德"), ("Sophie Turner", "苏菲·特纳"), ("Oliver Grant", "奥利弗·格兰特")),
    *(("Amelia Ward", "阿米莉亚·沃德"), ("Henry Foster", "亨利·福斯特"), ("Grace Palmer", "格蕾丝·帕尔默")),
    *(
        ("Samuel Price", "塞缪尔·普赖斯"),
        ("Chloe Morgan", "克洛伊·摩根"),
        ("Michael Torres", "迈克尔·托雷斯"),
    ),
    *(("Laura Bishop", "劳拉·毕晓普"), ("Kevin Doyle", "凯文·多伊尔"), ("Rachel Stone", "蕾切尔·斯通")),
    *(("Peter Lang", "彼得·朗"), ("Hannah Cole", "汉娜·科尔"), ("Victor Ames", "维克多·埃姆斯")),
)


def seed_demo(ports: Ports, password_hash: str) -> bool:
    """Fill an empty database with the demo bank; False if it is there already. Other banks are left alone."""
    with ports.unit_of_work(SYSTEM) as work:
        if work.setting(SETTING) == "yes":
            return False
        if work.units.find(parent_id=None):
            raise OutOfOrder(
                "There is a bank in this database already; the demo bank goes into an empty one."
            )
        for code in (CHINA, BRITAIN, AMERICA):
            work.put_calendar(calendar_of_country(code, work.now.year))
        units = _add_units(work)
        _add_people(work, units, password_hash)
        work.put_setting(SETTING, "yes")
        work.record(HistoryEvent(at=work.now, kind="bank.seeded", actor=work.actor.name))
        return True


def accounts(ports: Ports) -> list[tuple[Role, Person]]:
    """Somebody to log in as for every role, in the order of the roles: whoever finds most tasks of it in the inbox."""
    with ports.unit_of_work(SYSTEM) as work:
        units = {unit.id: unit for unit in work.units.find()}
        waiting = Counter(
            (task.role, task.unit_id) for task in work.tasks.find(state=(TaskState.OPEN, TaskState.CLAIMED))
        )

        def finds(grant: RoleGrant) -> tuple[int, bool, int]:
            at = units[grant.unit_id]
            reached = (
                count
                for (role, unit_id), count in waiting.items()
                if role == grant.role and unit_id is not None and units[unit_id].is_within(at)
            )
            return -sum(reached), at.parent_id is not None, grant.id

        first: dict[Role, Person] = {}
        for grant in sorted(work.grants.find(), key=finds):
            first.setdefault(grant.role, work.people.get(grant.person_id))
        return [(role, first[role]) for role in Role if role in first]


def posts() -> Iterator[Post]:
    """Every post of the demo bank: the whole bank's first, then department by department."""
    yield from OF_WHOLE_BANK
    of_kind: Mapping[UnitKind, Iterable[tuple[Role, ...]]] = {
        UnitKind.DEPARTMENT: OF_EVERY_DEPARTMENT,
        UnitKind.BRANCH: OF_EVERY_BRANCH,
        UnitKind.SUB_BRANCH: OF_EVERY_SUB_BRANCH,
    }
    for place in PLACES:
        for roles in of_kind.get(place.kind, ()):
            yield place.code, roles, ()


def _add_units(work: UnitOfWork) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for place in PLACES:
        parent = units[place.parent] if place.parent else None
        unit = work.units.add(
            Unit(
                id=0,
                code=place.code,
                name=place.name,
                name_zh=place.name_zh,
                kind=place.kind,
                parent_id=parent.id if parent else None,
                path="",
                calendar=place.calendar,
            )
        )
        path = f"{parent.path if parent else '/'}{unit.id}/"
        units[place.code] = work.units.save(replace(unit, path=path))
    return units


def _add_people(work: UnitOfWork, units: Mapping[str, Unit], password_hash: str) -> None:
    at_home, abroad = _names(), iter(ABROAD)
    for code, here, everywhere in posts():
        is_abroad = units[code].calendar != CHINA
        name, name_zh = next(abroad) if is_abroad else next(at_home)
        login = name.lower().replace(" ", ".")
        person = work.people.add(
            Person(
                id=0,
                login=login,
                name=name,
                name_zh=name_zh,
                unit_id=units[code].id,
                email=f"{login}@bank.example",
                password_hash=password_hash,
                language=ENGLISH if is_abroad else CHINESE,
            )
        )
        for role in here:
            work.grants.add(RoleGrant(0, person.id, role, units[code].id))
        for role in everywhere:
            work.grants.add(RoleGrant(0, person.id, role, units[HEAD_OFFICE].id))


def _names() -> Iterator[tuple[str, str]]:
    """Names as 19 surnames and 17 given names give them, none twice, neighbours unlike."""
    for number in range(len(SURNAMES) * len(GIVEN)):
        surname, family = SURNAMES[number % len(SURNAMES)]
        given, own = GIVEN[number % len(GIVEN)]
        yield f"{surname} {given}", f"{family}{own}"
