"""The tool that keeps the English: what it gathers, keeps, drops and complains of; and that all is translated."""

import gettext
from pathlib import Path

import pytest

from bin import messages

APP = "agencies"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one app and one template."""
    (tmp_path / APP).mkdir()
    (tmp_path / APP / "words.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n"
        "A = _('帳號')\nB = _('共 %(count)d 筆')\nC = pgettext('票', '作廢')\nD = ngettext('一筆', '多筆', 2)\n",
        "utf-8",
    )
    (tmp_path / "templates" / APP).mkdir(parents=True)
    (tmp_path / "templates" / APP / "page.html").write_text(
        "<div>\n    {% translate '登入' %}\n  {% blocktranslate trimmed with n=name %}\n   您好，\n   {{ n }}\n"
        "{% endblocktranslate %}\n</div>\n{% include 'x.html' with title=_('標題') %}",
        "utf-8",
    )
    return tmp_path


def _po(root: Path) -> Path:
    return root / APP / "locale" / "en" / "LC_MESSAGES" / "django.po"


def _translate(root: Path, text: str, english: str) -> None:
    old = f'msgid "{text}"\nmsgstr ""'
    content = _po(root).read_text("utf-8")
    assert old in content
    _po(root).write_text(content.replace(old, f'msgid "{text}"\nmsgstr "{english}"'), "utf-8")


def test_it_gathers_the_texts_of_python_and_templates(root: Path) -> None:
    found = messages.texts(root, APP)

    assert {text if isinstance(text, str) else text[0] for text, _ in found} == {
        *("帳號", "共 %(count)d 筆", "作廢", "一筆", "登入", "您好， %(n)s", "標題")
    }
    assert ("作廢", "票") in found and (("一筆", "多筆"), None) in found


def test_it_keeps_what_is_translated_and_drops_what_is_gone(root: Path) -> None:
    messages.refresh(root, APP)
    _translate(root, "帳號", "User name")
    _translate(root, "標題", "Title")
    (root / "templates" / APP / "page.html").write_text("{% translate '登入' %}", "utf-8")

    lacking = messages.refresh(root, APP)

    text = _po(root).read_text("utf-8")
    assert 'msgstr "User name"' in text and "Title" not in text and "標題" not in text
    assert any("'登入' has no English" in one for one in lacking) and not any("帳號" in one for one in lacking)
    assert "#:" not in text and "Date" not in text


def test_what_it_compiles_is_read_by_gettext(root: Path) -> None:
    messages.refresh(root, APP)
    _translate(root, "登入", "Log in")
    messages.refresh(root, APP)

    with _po(root).with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("登入") == "Log in"


def test_the_same_texts_are_the_same_bytes(root: Path) -> None:
    messages.refresh(root, APP)
    first = (_po(root).read_bytes(), _po(root).with_suffix(".mo").read_bytes())
    messages.refresh(root, APP)

    assert first == (_po(root).read_bytes(), _po(root).with_suffix(".mo").read_bytes())


def test_a_check_names_what_is_not_up_to_date_and_writes_nothing(root: Path) -> None:
    messages.refresh(root, APP)
    (root / APP / "more.py").write_text("X = _('新字')\n", "utf-8")
    before = _po(root).read_bytes()

    findings = messages.outdated(root, APP)

    assert any("'新字' has no English" in one for one in findings)
    assert sum("is not up to date" in one for one in findings) == 1
    assert _po(root).read_bytes() == before


def test_it_complains_of_doubt_and_of_values_lost_or_invented(root: Path) -> None:
    messages.refresh(root, APP)
    _translate(root, "共 %(count)d 筆", "%(number)d in all")
    _translate(root, "您好， %(n)s", "Good day")
    content = _po(root).read_text("utf-8")
    _po(root).write_text(content.replace('msgid "登入"\nmsgstr ""', '#, fuzzy\nmsgid "登入"\nmsgstr "Login"'), "utf-8")

    findings = "\n".join(messages.refresh(root, APP))

    assert "'共 %(count)d 筆' names values in English that it does not have" in findings
    assert "'您好， %(n)s' loses values in English" in findings
    assert "'登入' is marked fuzzy" in findings


def test_an_app_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        messages.main(["moon"])

    assert ended.value.code == 2
    assert "no such app: moon" in capsys.readouterr().err


@pytest.mark.parametrize("app", messages.APPS)
def test_every_text_of_the_product_has_its_english(app: str) -> None:
    assert messages.outdated(messages.ROOT, app) == []


def test_a_text_has_the_same_english_in_every_app(root: Path) -> None:
    for app, english in ((APP, "Card no."), ("vouchers", "Card number")):
        folder = root / app / "locale" / "en" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        text = f'msgid "卡號"\nmsgstr "{english}"\n\nmsgctxt "{app}"\nmsgid "件"\nmsgstr "{english}"\n'
        (folder / "django.po").write_text(text, "utf-8")

    assert ["卡號" in line and "Card number" in line for line in messages.divided(root)] == [True]
