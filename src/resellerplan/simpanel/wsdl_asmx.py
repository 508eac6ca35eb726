"""The WSDL of a 1.x service, made from the table of operations (contract 1.1.3, 8.1; recordings/wsdl-solidcp-1x)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Member, NamedType, Service

__all__ = ["asmx_wsdl"]

GUID_NAMESPACE = "http://microsoft.com/wsdl/types/"
_TRANSPORT = "http://schemas.xmlsoap.org/soap/http"
_GUID = (
    f'<s:schema elementFormDefault="qualified" targetNamespace="{GUID_NAMESPACE}"><s:simpleType name="guid">'
    '<s:restriction base="s:string"><s:pattern value="'
    '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" /></s:restriction></s:simpleType></s:schema>'
)
_DATA_SET = (
    '<s:complexType><s:sequence maxOccurs="unbounded">'
    '<s:any minOccurs="0" namespace="http://www.w3.org/2001/XMLSchema" processContents="lax" />'
    '<s:any minOccurs="0" namespace="urn:schemas-microsoft-com:xml-diffgram-v1" processContents="lax" />'
    "</s:sequence></s:complexType></s:element>"
)


def _type_name(type_: str) -> str:
    if type_.startswith("xs:"):
        return f"s:{type_[3:]}"
    return f"s1:{type_}" if type_ == "guid" else f"tns:{type_}"


def _element(member: Member, maximum: str = "1") -> str:
    nillable = ' nillable="true"' if member.nillable else ""
    head = f'<s:element minOccurs="{int(member.required)}" maxOccurs="{maximum}" name="{member.name}"{nillable}'
    if member.type == "DataSet":
        return f"{head}>{_DATA_SET}"
    if member.type == "xs:anyType":
        return f"{head} />"
    marks = f' xmlns:s1="{GUID_NAMESPACE}"' if member.type == "guid" else ""
    return f'{head}{marks} type="{_type_name(member.type)}" />'


def _sequence(members: tuple[Member, ...]) -> str:
    return f"<s:sequence>{''.join(map(_element, members))}</s:sequence>" if members else ""


def _wrapper(name: str, members: tuple[Member, ...], *, empty: str) -> str:
    content = f"<s:complexType>{_sequence(members)}</s:complexType>" if members else empty
    return f'<s:element name="{name}">{content}</s:element>'


def _named_type(found: NamedType) -> str:
    match found:
        case EnumType():
            values = "".join(f'<s:enumeration value="{v}" />' for v in found.values)
            return (
                f'<s:simpleType name="{found.name}"><s:restriction base="s:string">{values}</s:restriction></s:simpleType>'
            )
        case ArrayType():
            item = Member(found.item, found.type, required=False, nillable=found.nillable, property=found.item)
            content = f"<s:sequence>{_element(item, 'unbounded')}</s:sequence>"
        case ClassType(base=None):
            content = _sequence(found.members)
        case ClassType():
            inside = _sequence(found.members)
            extension = f'<s:extension base="tns:{found.base}"'
            extension = f"{extension}>{inside}</s:extension>" if inside else f"{extension} />"
            content = f'<s:complexContent mixed="false">{extension}</s:complexContent>'
    return f'<s:complexType name="{found.name}">{content}</s:complexType>'


def _reachable(members: tuple[Member, ...], panel: Catalogue) -> set[str]:
    """The classes, arrays and enumerations that these members lead to."""
    wanted: set[str] = set()
    waiting = [m.type for m in members]
    while waiting:
        found = panel.types.get(waiting.pop())
        if found is None or found.name in wanted:
            continue
        wanted.add(found.name)
        match found:
            case ClassType():
                waiting.extend(m.type for m in found.members)
                waiting.extend([found.base] if found.base else [])
            case ArrayType():
                waiting.append(found.type)
            case EnumType():
                pass
    return wanted


def _schema(service: Service, panel: Catalogue) -> Iterator[str]:
    """The wrappers of all operations, each followed by the types that it uses first."""
    order = service.documents[0].types
    written: set[str] = set()
    for operation in service.operations.values():
        result = (operation.result,) if operation.result else ()
        for name, members in ((operation.name, operation.parameters), (f"{operation.name}Response", result)):
            yield _wrapper(name, members, empty="<s:complexType />")
            fresh = _reachable(members, panel) - written
            written |= fresh
            for type_ in order:
                if type_ in fresh:
                    yield _named_type(panel.types[type_])


def _binding(service: Service, suffix: str, soap: str) -> Iterator[str]:
    yield f'<wsdl:binding name="{service.name}{suffix}" type="tns:{service.name}Soap"><{soap}:binding transport="{_TRANSPORT}" />'
    body = f'<{soap}:body use="literal" />'
    prefix = service.namespace.removesuffix("/")
    for name in service.operations:
        yield (
            f'<wsdl:operation name="{name}"><{soap}:operation soapAction="{prefix}/{name}" style="document" />'
            f"<wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output></wsdl:operation>"
        )
    yield "</wsdl:binding>"


def _pieces(service: Service, panel: Catalogue, address: str) -> Iterator[str]:
    space = service.namespace
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n<wsdl:definitions xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" '
        f'xmlns:tns="{space}" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
        f'targetNamespace="{space}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"><wsdl:types>'
        f'<s:schema elementFormDefault="qualified" targetNamespace="{space}">'
    )
    everything = tuple(
        m for o in service.operations.values() for m in (*o.parameters, *((o.result,) if o.result else ()))
    )
    uses_guid = any(
        m.type == "guid"
        for n in _reachable(everything, panel)
        if isinstance(found := panel.types[n], ClassType)
        for m in found.members
    )
    if uses_guid:
        yield f'<s:import namespace="{GUID_NAMESPACE}" />'
    yield from _schema(service, panel)
    yield "</s:schema>" + (_GUID if uses_guid else "") + "</wsdl:types>"
    for name in service.operations:
        for way, element in (("In", name), ("Out", f"{name}Response")):
            yield (
                f'<wsdl:message name="{name}Soap{way}"><wsdl:part name="parameters" element="tns:{element}" /></wsdl:message>'
            )
    yield f'<wsdl:portType name="{service.name}Soap">'
    for name in service.operations:
        yield (
            f'<wsdl:operation name="{name}"><wsdl:input message="tns:{name}SoapIn" />'
            f'<wsdl:output message="tns:{name}SoapOut" /></wsdl:operation>'
        )
    yield "</wsdl:portType>"
    yield from _binding(service, "Soap", "soap")
    yield from _binding(service, "Soap12", "soap12")
    yield f'<wsdl:service name="{service.name}">'
    for suffix, soap in (("Soap", "soap"), ("Soap12", "soap12")):
        name = f"{service.name}{suffix}"
        yield (
            f'<wsdl:port name="{name}" binding="tns:{name}"><{soap}:address location={quoteattr(address)} /></wsdl:port>'
        )
    yield "</wsdl:service></wsdl:definitions>"


def asmx_wsdl(service: Service, panel: Catalogue, address: str) -> bytes:
    """The WSDL of ``service``; ``address`` is the service's own URL."""
    return "".join(_pieces(service, panel, address)).encode("utf-8")
