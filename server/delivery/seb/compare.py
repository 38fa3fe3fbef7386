"""A .seb file beside the configuration of a sitting: whether a browser opened with it is admitted, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from server.core.errors import Invalid
from server.delivery.seb.config_key import LEFT_OUT, config_key, read_plist, seb_json
from server.delivery.seb.container import BadContainer, WrongPassword, unpack
from server.delivery.seb.settings import NotPortable, require_portable

SECRET = frozenset({"hashedQuitPassword", "hashedAdminPassword", "examKeySalt"})
SHOWN_MAX = 120
Mark = Literal["missing", "on", "off", "secret", "text"]

# What a setting is about, for people who do not know its name.
THEMES: dict[str, tuple[str, ...]] = {
    "start": ("startURL",),
    "quit": ("quitURL", "quitURLConfirm", "allowQuit", "hashedQuitPassword", "hashedAdminPassword"),
    "salt": ("examKeySalt",),
    "proof": ("browserWindowWebView", "sendBrowserExamKey", "enableJavaScript", "URLFilterEnable",
              "URLFilterEnableContentFilter"),
    "copying": ("enablePrivateClipboard", "enablePrivateClipboardMacEnforce", "enableRightMouse", "enableRightMouseMac",
                "allowDownUploads", "allowDownloads", "allowUploads"),
    "printing": ("allowPrint", "enablePrintScreen"),
    "aids": ("allowSpellCheck", "allowDictionaryLookup", "allowDictation", "allowSiri", "allowFind"),
    "programs": ("allowSwitchToApplications", "allowUserSwitching", "enableAltTab", "enableAltEsc", "enableAltF4",
                 "enableCtrlEsc", "enableEsc", "enableStartMenu", "createNewDesktop", "monitorProcesses"),
    "screens": ("allowDisplayMirroring", "allowScreenSharing", "allowedDisplaysMaxNumber", "allowVirtualMachine"),
    "camera": ("allowVideoCapture", "allowAudioCapture"),
    "pages": ("browserViewMode", "newBrowserWindowByLinkPolicy", "newBrowserWindowByScriptPolicy",
              "allowBrowsingBackForward", "allowNavigation", "enableBrowserWindowToolbar",
              "browserWindowAllowAddressBar", "newBrowserWindowAllowAddressBar", "allowDeveloperConsole"),
    "setup": ("sebConfigPurpose", "downloadAndOpenSebConfig", "examSessionReconfigureAllow", "allowPreferencesWindow"),
    "comfort": ("browserWindowAllowReload", "showReloadButton", "showTaskBar", "showTime", "showInputLanguage",
                "audioControlEnabled", "allowWlan"),
}  # fmt: skip
THEME_OF = {name: theme for theme, names in THEMES.items() for name in names}


@dataclass(frozen=True)
class Value:
    """How a value is shown: a word for what is on, off, missing or secret; else its text."""

    mark: Mark
    text: str = ""


@dataclass(frozen=True)
class Difference:
    """A setting that is not as the sitting has it."""

    name: str
    theme: str
    found: Value
    own: Value


@dataclass(frozen=True)
class Opened:
    """What a file holds. `key` is None, and `odd` names the setting, where browsers of one file would not agree."""

    settings: Mapping[str, Any]
    key: str | None
    odd: str | None


def open_file(content: bytes, password: str) -> Opened:
    """The settings of an uploaded file; Invalid if it is none, or its password another one."""
    try:
        settings = read_plist(unpack(content, password))
        odd = _odd(settings)
        return Opened(settings, _key(settings), odd)
    except WrongPassword as error:
        raise Invalid("seb_file_password") from error
    except (BadContainer, ValueError, RecursionError) as error:
        raise Invalid("seb_file_unreadable") from error


def differences(found: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Difference]:
    """What browsers would hash differently, by theme; who wrote the file is no setting, nor is an empty dictionary."""
    found = {name: value for name, value in found.items() if value != {}}
    order = [*THEMES, "other"]
    names = (name for name in own.keys() | found.keys() if name.lower() != LEFT_OUT)
    for name in sorted(names, key=lambda name: (order.index(THEME_OF.get(name, "other")), name.lower(), name)):
        if name not in found or name not in own or not _alike(found[name], own[name]):
            yield Difference(name, THEME_OF.get(name, "other"), _value(name, found), _value(name, own))


def _alike(one: object, other: object) -> bool:
    """As a client hashes them: true is not 1, but the real 1 is the integer 1."""
    try:
        return seb_json(one) == seb_json(other)
    except ValueError:
        return False


def _key(settings: Mapping[str, Any]) -> str | None:
    try:
        return config_key(settings)
    except ValueError:
        return None


def _odd(settings: Mapping[str, Any]) -> str | None:
    try:
        require_portable(settings)
    except NotPortable as error:
        return error.where
    return None


def _value(name: str, settings: Mapping[str, Any]) -> Value:
    if name not in settings:
        return Value("missing")
    if name in SECRET:
        return Value("secret")
    value = settings[name]
    if isinstance(value, bool):
        return Value("on" if value else "off")
    return Value("text", str(value)[:SHOWN_MAX])
