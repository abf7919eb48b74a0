"""What the system and the libraries say of a failure, in both languages: the usual ones; others as they were said."""

import errno
import re

from dronesampler.texts import Text

_SYSTEM = Text("系统：{why}", "{why}")
_SYSTEM_SAYS = {
    errno.ENOENT: Text("没有这个文件或文件夹", "no such file or folder"),
    errno.EACCES: Text("没有权限", "permission denied"),
    errno.EPERM: Text("不允许这样做", "not permitted"),
    errno.EEXIST: Text("已经存在", "it exists already"),
    errno.EISDIR: Text("这是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTDIR: Text("这是文件，不是文件夹", "it is a file, not a folder"),
    errno.ENOTEMPTY: Text("文件夹不是空的", "the folder is not empty"),
    errno.ENAMETOOLONG: Text("文件名太长", "the file name is too long"),
    errno.EROFS: Text("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.EFBIG: Text("文件超过磁盘允许的大小", "the file is larger than the disk allows"),
    errno.EIO: Text("读写出错，请检查磁盘或连线", "reading or writing failed; check the disk or the cable"),
    errno.EBUSY: Text("正被别的程序占用", "another program is using it"),
    errno.EMFILE: Text("打开的文件太多", "too many files are open"),
    errno.ENODEV: Text("没有这个设备", "no such device"),
    errno.ENXIO: Text("没有这个设备", "no such device"),
    errno.ENOTTY: Text("这不是串口", "it is no serial port"),
    errno.EINVAL: Text("系统不接受这个值", "the system does not accept that value"),
    errno.EPIPE: Text("另一端已关闭", "the other end is closed"),
    errno.EADDRINUSE: Text("端口已被占用", "the port is in use"),
    errno.EADDRNOTAVAIL: Text("本机没有这个地址", "this computer has no such address"),
    errno.ECONNREFUSED: Text("连接被拒绝", "the connection was refused"),
    errno.ECONNRESET: Text("连接被对方断开", "the connection was cut by the other side"),
    errno.ECONNABORTED: Text("连接中断", "the connection was aborted"),
    errno.ETIMEDOUT: Text("连接超时", "the connection timed out"),
    errno.EHOSTUNREACH: Text("主机不可达", "the host cannot be reached"),
    errno.ENETUNREACH: Text("网络不可达", "the network cannot be reached"),
}
if hasattr(errno, "EDQUOT"):
    _SYSTEM_SAYS[errno.EDQUOT] = Text("磁盘配额已用完", "the disk quota is used up")

# Failures that come without a number: of name look-ups, and of serial ports, whose library wraps the system's.
_SYSTEM_WORDS = (
    (r"(?i).*(getaddrinfo failed|name or service not known|name resolution|nodename nor servname).*", "no host"),
    (r"(?is).*(FileNotFoundError|No such file).*", "no device"),
    (r"(?is).*(PermissionError|Access is denied|拒绝访问).*", "taken"),
    (r"(?i)timed out", "late"),
    (r"(?i)closed( by the other side)?", "closed"),
)
_SYSTEM_SENTENCES = {
    "no host": Text("找不到这个主机名", "no host of that name"),
    "no device": _SYSTEM_SAYS[errno.ENODEV],
    "taken": Text("没有权限，或正被别的程序占用", "permission denied, or another program is using it"),
    "late": _SYSTEM_SAYS[errno.ETIMEDOUT],
    "closed": _SYSTEM_SAYS[errno.EPIPE],
}

_AT = re.compile(r"\W*\(?\b(?:at )?line (\d+),? (?:column|char(?:acter)?) (\d+)\)?")
_PLACED = Text("第 {line} 行第 {column} 个字符：{why}", "{why} (line {line}, character {column})")
_LACKING = Text("缺少 {name}", "{name} is missing")
_QUOTED = Text("原文“{why}”", "{why}")
# XML, TOML, SQLite, zip and text encodings: what people's broken files come to.
_LIBRARY_SAYS = (
    (r"no element found", Text("没有内容，或中途结束", "no content, or it ends in the middle")),
    (r"not well-formed \(invalid token\)", Text("有不合规的字符", "not well-formed (invalid token)")),
    (r"mismatched tag", Text("标签不配对", "mismatched tag")),
    (r"unclosed (token|CDATA section)", Text("中途结束", "it ends in the middle")),
    (r"syntax error", Text("语法错误", "syntax error")),
    (r"duplicate attribute", Text("属性重复", "duplicate attribute")),
    (r"junk after document element", Text("结尾之后还有内容", "there is more after its end")),
    (r"undefined entity.*", Text("用了未定义的实体", "undefined entity")),
    (r"unbound prefix", Text("用了未声明的命名空间前缀", "unbound prefix")),
    (r"(XML or text|XML) declaration not .*", Text("XML 声明不在开头", "its declaration is not at the start")),
    (
        r"(unknown encoding|unsupported encoding|multi-byte encodings are not supported).*",
        Text("编码无法识别", "its encoding is not known"),
    ),
    (r"Expected '=' after a key in a key/value pair", Text("键后缺少“=”", "there is no “=” after a key")),
    (r"Expected newline or end of document after a statement", Text("一行里有多余内容", "there is more on a line")),
    (r"Invalid (value|statement)", Text("这里不是合法的值或语句", "no value or statement is here")),
    (
        r"(Unterminated string|Expected .+'\"'.*|Illegal character .+)",
        Text("字符串没有结束，或有不允许的字符", "a text does not end, or holds a character that is not allowed"),
    ),
    (r"Cannot (overwrite a value|declare .+ twice|mutate .+)", Text("同一项写了两次", "one thing is written twice")),
    (r"file is not a database", Text("不是数据库文件", "it is no database")),
    (
        r"(database disk image is malformed|malformed database schema.*)",
        Text("数据库文件已损坏", "the database file is damaged"),
    ),
    (r"database is locked", Text("数据库正被别的程序占用", "another program is using the database")),
    (r"attempt to write a readonly database", Text("数据库是只读的", "the database is read-only")),
    (r"database or disk is full", _SYSTEM_SAYS[errno.ENOSPC]),
    (r"unable to open database file", Text("数据库文件无法打开", "the database file cannot be opened")),
    (r"no such (table|column): (.+)", Text("缺少 {1}", "there is no {0} {1}")),
    (
        r"'[\w-]+' codec can't (decode|encode) .*",
        Text("文字编码不对（应为 UTF-8）", "its text is in another encoding (UTF-8 is expected)"),
    ),
)


def system_said(problem: OSError) -> Text:
    """What the system says of a failed call: the usual ones in both languages, the others as it says them."""
    known = _SYSTEM_SAYS.get(problem.errno or 0)
    if known is not None:
        return known
    words = problem.strerror or str(problem)
    for pattern, sentence in _SYSTEM_WORDS:
        if re.fullmatch(pattern, words):
            return _SYSTEM_SENTENCES[sentence]
    return _SYSTEM.with_(why=words)


def library_said(problem: BaseException) -> Text:
    """What a reader of files says of a broken one, with the place where it names one."""
    if isinstance(problem, KeyError):
        return _LACKING.with_(name=problem.args[0] if problem.args else "-")
    if isinstance(problem, OSError) and problem.errno:
        return system_said(problem)
    words = str(problem)
    at = _AT.search(words)
    said = _known(words[: at.start()] if at else words)
    return _PLACED.with_(line=at[1], column=at[2], why=said) if at else said


def _known(words: str) -> Text:
    for pattern, text in _LIBRARY_SAYS:
        found = re.fullmatch(pattern, words.strip(" :"))
        if found:
            return Text(text.zh.format(*found.groups()), text.en.format(*found.groups()))
    return _QUOTED.with_(why=words)
