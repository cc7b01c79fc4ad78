"""Invented payees with right identifiers, drawn from a seeded source."""

from random import Random

from .checkdigits import LETTER_VALUES, person_is_right, ubn_is_right, ubn_sum
from .world import Voucher

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈"
GIVEN = "志明俊傑冠宇家豪宗翰雅婷怡君佩珊淑芬美玲品妍思涵柏翔承恩子晴若筠彥廷庭瑋郁庭"
FIRM_FIRST = "禾晉昱達盛祥澄硯渝岑鷺楓棠曦"
FIRM_SECOND = "川嶼谷洲堤溪嶺渡穹泉"
FIRM_KINDS = (
    *("資訊股份有限公司", "文具行", "清潔服務有限公司", "水電工程行", "印刷有限公司"),
    *("旅行社有限公司", "保全股份有限公司", "營造股份有限公司", "企管顧問有限公司"),
)
LATIN = ("Aldwick", "Brenholt", "Cavendor", "Dunmere", "Estvale", "Farrowby", "Glanford", "Harwell")
NEW_RULE_ONLY = "new rule only"


class People:
    """A source of payees; the same seed gives the same people."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def digits(self, count: int) -> str:
        """Return a string of digits."""
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def ubn(self, flavour: str = "") -> str:
        """Return a right business number; a flavour asks for one that only the rule of 2023 accepts,
        or for one that is right because its seventh digit is 7."""
        while True:
            text = self.digits(6) + ("7" if flavour == "seven" else self.digits(1)) + self.digits(1)
            total = ubn_sum(text)
            if flavour == NEW_RULE_ONLY and (total % 10 == 0 or total % 5 != 0):
                continue
            if flavour == "seven" and total % 5 == 0:
                continue
            if ubn_is_right(text):
                return text

    def wrong_ubn(self) -> str:
        """Return eight digits that are no business number."""
        while True:
            text = self.digits(8)
            if not ubn_is_right(text):
                return text

    def person_id(self, id_type: str) -> str:
        """Return a right national or resident identifier, or a passport number."""
        if id_type == "passport":
            return self.rng.choice("KMPX") + self.digits(8)
        second = "12" if id_type == "national_id" else "89"
        while True:
            text = self.rng.choice(list(LETTER_VALUES)) + self.rng.choice(second) + self.digits(8)
            if person_is_right(text, second):
                return text

    def wrong_person_id(self, id_type: str) -> str:
        """Return an identifier with one digit changed, so that its check digit is wrong."""
        right = self.person_id(id_type)
        return right[:-1] + str((int(right[-1]) + self.rng.randint(1, 9)) % 10)

    def name(self) -> str:
        """Return the name of a person in Han characters."""
        return self.rng.choice(SURNAMES) + "".join(self.rng.sample(GIVEN, 2))

    def individual(self) -> Voucher:
        """Return an individual with identifier."""
        id_type = self.rng.choices(("national_id", "resident_id", "passport"), (8, 1, 1))[0]
        name = self.name() if id_type == "national_id" else " ".join(self.rng.sample(LATIN, 2))
        return {"name": name, "kind": "individual", "id_type": id_type, "id": self.person_id(id_type)}

    def business(self) -> Voucher:
        """Return a business, sometimes with its kind left to the default, sometimes with a Latin name."""
        first, second = self.rng.choice(FIRM_FIRST), self.rng.choice(FIRM_SECOND)
        name = first + second + self.rng.choice(FIRM_FIRST) + self.rng.choice(FIRM_KINDS)
        if self.rng.random() < 0.15:
            name = " ".join([*self.rng.sample(LATIN, self.rng.randint(1, 3)), "Limited"])
        flavour = self.rng.choice(("", "", "", NEW_RULE_ONLY, "seven"))
        payee = {"name": name, "kind": "business", "id_type": "ubn", "id": self.ubn(flavour)}
        if self.rng.random() < 0.4:
            del payee["kind"]
        return payee

    def organisation(self, kind: str, name: str) -> Voucher:
        """Return a payee of another kind; only a public enterprise always has its identifier."""
        payee = {"name": name, "kind": kind}
        if kind == "public_enterprise" or self.rng.random() < 0.5:
            payee |= {"id_type": "ubn", "id": self.ubn()}
        return payee

    def government(self) -> Voucher:
        """Return a government body."""
        return self.organisation("government", self.rng.choice(FIRM_FIRST) + self.rng.choice(FIRM_SECOND) + "鎮公所")

    def enterprise(self) -> Voucher:
        """Return a public enterprise."""
        name = self.rng.choice(FIRM_FIRST) + self.rng.choice(FIRM_SECOND) + "自來水股份有限公司"
        return self.organisation("public_enterprise", name)
