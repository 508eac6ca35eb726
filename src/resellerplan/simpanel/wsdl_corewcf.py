"""The WSDL and XSD documents of a 2.x service, made from the table of operations (contract 1.2; recordings/fusecp-2.x/wsdl).

A service has a main document that imports the port type's (``?wsdl=wsdl0``; not where the contract namespace is tempuri's)
and one schema per namespace (``?xsd=xsdN``). ``?singleWsdl`` holds all in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from resellerplan.simpanel.operations import (
    ArrayType,
    Catalogue,
    ClassType,
    Document,
    EnumType,
    Member,
    NamedType,
    Operation,
    Service,
)

__all__ = ["CoreWcfDocuments"]

TEMPURI = "http://tempuri.org/"
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"
XS = "http://www.w3.org/2001/XMLSchema"
_TRANSPORT = "http://schemas.xmlsoap.org/soap/http"
_NAMESPACES = (
    'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" '
    'xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" '
    'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:wsap="http://schemas.xmlsoap.org/ws/2004/08/addressing/policy" '
    'xmlns:wsa10="http://www.w3.org/2005/08/addressing" xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl" '
    'xmlns:wsam="http://www.w3.org/2007/05/addressing/metadata" xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex" '
    'xmlns:msc="http://schemas.microsoft.com/ws/2005/12/wsdl/contract" '
    'xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" '
    'xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"'
)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_DATA_SET = (
    '<xs:complexType><xs:annotation><xs:appinfo><ActualType Name="DataSet" '
    f'Namespace="http://schemas.datacontract.org/2004/07/System.Data" xmlns="{SERIALIZATION}"/></xs:appinfo></xs:annotation>'
    f'<xs:sequence maxOccurs="unbounded"><xs:any minOccurs="0" namespace="{XS}" processContents="lax"/>'
    '<xs:any minOccurs="0" namespace="urn:schemas-microsoft-com:xml-diffgram-v1" processContents="lax"/>'
    "</xs:sequence></xs:complexType></xs:element>"
)
_SIMPLE = (
    *("anyType", "anyURI", "base64Binary", "boolean", "byte", "dateTime", "decimal", "double", "float", "int", "long"),
    *("QName", "short", "string", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
)


def _built_in() -> str:
    """The inside of the serialization namespace's schema: the same for every service."""
    patterns = {
        "guid": ("string", r"[\da-fA-F]{8}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{12}", ""),
        "dateOnly": ("date", "([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", ""),
        "timeOnly": ("time", r"([01][0-9]|2[0-3]):([0-5][0-9])(:([0-5][0-9])(\.[0-9]{1,7})?)?", ""),
        "duration": (
            "duration",
            r"\-?P(\d*D)?(T(\d*H)?(\d*M)?(\d*(\.\d*)?S)?)?",
            '<xs:minInclusive value="-P10675199DT2H48M5.4775808S"/><xs:maxInclusive value="P10675199DT2H48M5.4775807S"/>',
        ),
    }

    def restricted(name: str) -> str:
        base, pattern, limits = patterns[name]
        return (
            f'<xs:simpleType name="{name}"><xs:restriction base="xs:{base}"><xs:pattern value="{pattern}"/>{limits}'
            "</xs:restriction></xs:simpleType>"
        )

    return "".join(
        [
            *(f'<xs:element name="{n}" nillable="true" type="xs:{n}"/>' for n in _SIMPLE),
            '<xs:element name="char" nillable="true" type="tns:char"/>',
            '<xs:simpleType name="char"><xs:restriction base="xs:int"/></xs:simpleType>',
            '<xs:element name="duration" nillable="true" type="tns:duration"/>',
            restricted("duration"),
            '<xs:element name="guid" nillable="true" type="tns:guid"/>',
            restricted("guid"),
            '<xs:attribute name="FactoryType" type="xs:QName"/><xs:attribute name="Id" type="xs:ID"/>'
            '<xs:attribute name="Ref" type="xs:IDREF"/>',
            restricted("dateOnly"),
            restricted("timeOnly"),
        ]
    )


@dataclass(frozen=True, slots=True)
class CoreWcfDocuments:
    """The documents of one service; ``base`` is the panel's configured URL, without a slash at its end."""

    service: Service
    panel: Catalogue
    base: str

    @property
    def _is_tempuri(self) -> bool:
        return self.service.namespace == TEMPURI

    def document(self, query: str) -> bytes | None:
        """The document that a query (``wsdl``, ``singleWsdl``, ``wsdl=wsdl0``, ``xsd=xsd3``) asks for, or ``None``."""
        wanted = query.lower()
        if wanted == "wsdl":
            return self._bytes(self._main())
        if wanted == "singlewsdl":
            return self._bytes(self._single())
        if wanted == "wsdl=wsdl0" and not self._is_tempuri:
            return self._bytes(self._port_document())
        for number, part in enumerate(self.service.documents):
            if wanted == f"xsd=xsd{number}":
                return self._bytes([_DECLARATION, *self._schema(part, single=False)])
        return None

    def _bytes(self, pieces: Iterator[str] | list[str]) -> bytes:
        return "".join(pieces).encode("utf-8")

    def _at(self, query: str) -> str:
        return quoteattr(f"{self.base}/{self.service.name}?{query}")

    # -- WSDL ---------------------------------------------------------------------------------------------------------------

    def _main(self) -> Iterator[str]:
        space = self.service.namespace
        yield from self._head(imported=not self._is_tempuri)
        if self._is_tempuri:
            yield from self._imports()
            yield from self._messages()
        else:
            yield f'<wsdl:import namespace="{space}" location={self._at("wsdl=wsdl0")}/><wsdl:types/>'
        yield from self._bindings("tns" if self._is_tempuri else "i0")
        yield "</wsdl:definitions>"

    def _single(self) -> Iterator[str]:
        yield from self._head(imported=False, single=True)
        yield "<wsdl:types>"
        for part in self.service.documents:
            yield from self._schema(part, single=True)
        yield "</wsdl:types>"
        yield from self._messages()
        yield from self._bindings("tns")
        yield "</wsdl:definitions>"

    def _port_document(self) -> Iterator[str]:
        space = self.service.namespace
        yield f'{_DECLARATION}<wsdl:definitions targetNamespace="{space}" {_NAMESPACES} xmlns:tns="{space}">'
        yield from self._imports()
        yield from self._messages()
        yield "</wsdl:definitions>"

    def _head(self, *, imported: bool, single: bool = False) -> Iterator[str]:
        name = self.service.name
        target = self.service.namespace if single else TEMPURI
        extra = f' xmlns:i0="{self.service.namespace}"' if imported else ""
        yield (
            f'{_DECLARATION}<wsdl:definitions name="{name}" targetNamespace="{target}" {_NAMESPACES} xmlns:tns="{target}"{extra}>'
            f'<wsp:Policy wsu:Id="WSHttpBinding_I{name}_policy"><wsp:ExactlyOne><wsp:All><wsaw:UsingAddressing/></wsp:All>'
            f'</wsp:ExactlyOne></wsp:Policy><wsp:Policy wsu:Id="NetHttpBinding_I{name}_policy"><wsp:ExactlyOne><wsp:All>'
            '<msb:BinaryEncoding xmlns:msb="http://schemas.microsoft.com/ws/06/2004/mspolicy/netbinary1"/>'
            "<wsaw:UsingAddressing/></wsp:All></wsp:ExactlyOne></wsp:Policy>"
        )

    def _imports(self) -> Iterator[str]:
        yield f'<wsdl:types><xsd:schema targetNamespace="{self.service.namespace}Imports">'
        for number, part in enumerate(self.service.documents):
            space = f' namespace="{part.namespace}"' if part.namespace else ""
            yield f"<xsd:import schemaLocation={self._at(f'xsd=xsd{number}')}{space}/>"
        yield "</xsd:schema></wsdl:types>"

    def _messages(self) -> Iterator[str]:
        port = f"I{self.service.name}"
        ways = (("Input", ""), ("Output", "Response"))
        for name in self.service.operations:
            for way, suffix in ways:
                yield (
                    f'<wsdl:message name="{port}_{name}_{way}Message">'
                    f'<wsdl:part name="parameters" element="tns:{name}{suffix}"/></wsdl:message>'
                )
        yield f'<wsdl:portType name="{port}">'
        for name in self.service.operations:
            action = f"{self.service.namespace}{port}/{name}"
            yield f'<wsdl:operation name="{name}">'
            for way, suffix in ways:
                yield f'<wsdl:{way.lower()} wsaw:Action="{action}{suffix}" message="tns:{port}_{name}_{way}Message"/>'
            yield "</wsdl:operation>"
        yield "</wsdl:portType>"

    def _bindings(self, prefix: str) -> Iterator[str]:
        name = self.service.name
        for kind, soap, policy in (
            ("BasicHttpBinding", "soap", False),
            ("WSHttpBinding", "soap12", True),
            ("NetHttpBinding", "soap12", True),
            ("WebHttpBinding", "soap12", False),
        ):
            yield f'<wsdl:binding name="{kind}_I{name}" type="{prefix}:I{name}">'
            if policy:
                yield f'<wsp:PolicyReference URI="#{kind}_I{name}_policy"/>'
            yield f'<{soap}:binding transport="{_TRANSPORT}"/>'
            body = f'<{soap}:body use="literal"/>'
            for operation in self.service.operations:
                action = f"{self.service.namespace}I{name}/{operation}"
                yield (
                    f'<wsdl:operation name="{operation}"><{soap}:operation soapAction="{action}" style="document"/>'
                    f"<wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output></wsdl:operation>"
                )
            yield "</wsdl:binding>"
        yield f'<wsdl:service name="{name}">'
        for kind, suffix, soap, path in (
            ("BasicHttpBinding", "", "soap", ""),
            ("BasicHttpBinding", "1", "soap", "basic/"),
            ("WSHttpBinding", "", "soap12", "ws/"),
            ("NetHttpBinding", "", "soap12", "net/"),
            ("WebHttpBinding", "", "soap12", "api/"),
        ):
            url = f"{self.base}/{path}{name}"
            endpoint = ""
            if path in ("ws/", "net/"):
                address = f"<wsa10:Address>{quoteattr(url)[1:-1]}</wsa10:Address>"
                endpoint = f"<wsa10:EndpointReference>{address}</wsa10:EndpointReference>"
            yield (
                f'<wsdl:port name="{kind}_I{name}{suffix}" binding="tns:{kind}_I{name}">'
                f"<{soap}:address location={quoteattr(url)}/>{endpoint}</wsdl:port>"
            )
        yield "</wsdl:service>"

    # -- XSD ----------------------------------------------------------------------------------------------------------------

    def _schema(self, part: Document, *, single: bool) -> Iterator[str]:
        if part.namespace == SERIALIZATION:
            yield (
                f'<xs:schema attributeFormDefault="qualified" elementFormDefault="qualified" targetNamespace="{SERIALIZATION}" '
                f'xmlns:xs="{XS}" xmlns:tns="{SERIALIZATION}">{_built_in()}</xs:schema>'
            )
            return
        if not part.namespace:
            yield f'<xs:schema elementFormDefault="qualified" xmlns:xs="{XS}"><xs:element name="DataSet" nillable="true">'
            yield f"{_DATA_SET}</xs:schema>"
            return
        yield f'<xs:schema elementFormDefault="qualified" targetNamespace="{part.namespace}" xmlns:xs="{XS}"'
        yield f' xmlns:tns="{part.namespace}">'
        numbers = {p.namespace: n for n, p in enumerate(self.service.documents)}
        for space in part.imports:
            location = "" if single else f" schemaLocation={self._at(f'xsd=xsd{numbers[space]}')}"
            yield f'<xs:import{location} namespace="{space}"/>'
        if part.namespace == self.service.namespace:
            for operation in self.service.operations.values():
                yield from self._wrappers(operation, part.namespace)
        for name in part.types:
            yield from self._named_type(self.panel.types[name])
        yield "</xs:schema>"

    def _wrappers(self, operation: Operation, space: str) -> Iterator[str]:
        result = (operation.result,) if operation.result else ()
        for name, members in ((operation.name, operation.parameters), (f"{operation.name}Response", result)):
            yield f'<xs:element name="{name}"><xs:complexType>{self._sequence(members, space)}</xs:complexType></xs:element>'

    def _sequence(self, members: tuple[Member, ...], space: str) -> str:
        inside = "".join(self._element(m, space) for m in members)
        return f"<xs:sequence>{inside}</xs:sequence>" if inside else "<xs:sequence/>"

    def _element(self, member: Member, space: str, *, unbounded: bool = False) -> str:
        marks = "" if member.required and not unbounded else ' minOccurs="0"'
        marks += ' maxOccurs="unbounded"' if unbounded else ""
        nillable = ' nillable="true"' if member.nillable else ""
        head = f'<xs:element{marks} name="{member.name}"{nillable}'
        if member.type == "DataSet":
            return f"{head}>{_DATA_SET}"
        return f"{head} {self._reference(member.type, space)}/>"

    def _reference(self, type_: str, space: str) -> str:
        if type_.startswith("xs:"):
            return f'type="{type_}"'
        found = self.panel.types.get(type_)
        target = SERIALIZATION if found is None else found.namespace
        if target == space:
            return f'type="tns:{type_}"'
        return f'type="q1:{type_}" xmlns:q1="{target}"'

    def _named_type(self, found: NamedType) -> Iterator[str]:
        match found:
            case EnumType():
                yield f'<xs:simpleType name="{found.name}"><xs:restriction base="xs:string">'
                numbers = found.numbers or (None,) * len(found.values)
                for value, number in zip(found.values, numbers, strict=True):
                    if number is None:
                        yield f'<xs:enumeration value="{value}"/>'
                    else:
                        yield (
                            f'<xs:enumeration value="{value}"><xs:annotation><xs:appinfo><EnumerationValue '
                            f'xmlns="{SERIALIZATION}">{number}</EnumerationValue></xs:appinfo></xs:annotation></xs:enumeration>'
                        )
                yield "</xs:restriction></xs:simpleType>"
            case ArrayType():
                item = Member(found.item, found.type, required=False, nillable=found.nillable, property=found.item)
                inside = self._element(item, found.namespace, unbounded=True)
                yield f'<xs:complexType name="{found.name}"><xs:sequence>{inside}</xs:sequence></xs:complexType>'
            case ClassType():
                yield f'<xs:complexType name="{found.name}">{self._class_content(found)}</xs:complexType>'
        yield f'<xs:element name="{found.name}" nillable="true" type="tns:{found.name}"/>'

    def _class_content(self, found: ClassType) -> str:
        note = ""
        if found.generic is not None:
            parameters = "".join(
                f"<GenericParameter{''.join(f' {k}={quoteattr(str(v))}' for k, v in p.items())}/>"
                for p in found.generic["parameters"]
            )
            note = (
                f'<xs:annotation><xs:appinfo><GenericType Name="{found.generic["name"]}" '
                f'Namespace="{found.generic["namespace"]}" xmlns="{SERIALIZATION}">{parameters}</GenericType>'
                "</xs:appinfo></xs:annotation>"
            )
        sequence = self._sequence(found.members, found.namespace)
        if found.base is None:
            return note + sequence
        base = self._reference(found.base, found.namespace).replace("type=", "base=", 1)
        return f'{note}<xs:complexContent mixed="false"><xs:extension {base}>{sequence}</xs:extension></xs:complexContent>'
