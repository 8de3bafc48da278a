/** Everything an adapter may import. */

export type { FileMark } from '../model/dossier.ts';
export type { At, Json, JsonObject } from '../model/json.ts';
export type { Covers } from '../model/line-value.ts';
export type { Chance, Clock } from '../model/ports.ts';
export type { Phase, TroubleKind, TroubleScope } from '../model/words.ts';
export { type Answer, type AnswerTable, classify, judge, type Outcome } from './answers.ts';
export { readAnswers } from './answers-file.ts';
export { type Auth, bearer, type Login, lgspHeader, oauth2, session, together } from './auth.ts';
export { fileBytes, jsonIn, path, shaped } from './body.ts';
export type * from './contract.ts';
export { defineAdapter } from './contract.ts';
export type { ContractFixture, KindFixture } from './contract-fixture.ts';
export { type CsvReading, type CsvWriting, csvBytes, csvRows } from './files/csv.ts';
export { openFolder } from './files/folder.ts';
export { type Inbox, type InboxOptions, openInbox } from './files/inbox.ts';
export { type Outbox, type OutboxOptions, openOutbox } from './files/outbox.ts';
export type { FilePlace, PlacedFile } from './files/place.ts';
export { FileFault, type FileLimits, type FileRow } from './files/row.ts';
export { openPlace, placeSetting, wholeSetting } from './files/settings.ts';
export { openSftp, type SftpOptions } from './files/sftp.ts';
export type { TableOptions, TextRow } from './files/table.ts';
export type { Wholeness } from './files/whole.ts';
export { type XlsxReading, xlsxBytes, xlsxRows } from './files/xlsx.ts';
export { xmlRows } from './files/xml-rows.ts';
export { type GatewayLogin, gatewayAuth, gatewayLogin } from './gateway-login.ts';
export { checkSigned, SIGNATURE_HEADERS, sign } from './hmac.ts';
export { type HttpAnswer, type HttpClient, type HttpOptions, type HttpRequest, openHttp } from './http.ts';
export { dataBeside } from './load.ts';
export { readOneByOne } from './one-by-one.ts';
export { checkRecord } from './schema.ts';
export { screensOfSchema } from './screens.ts';
export type * from './screens-contract.ts';
export { type Secret, secret, secretText } from './secret.ts';
export { type Fault, SetupFault } from './setup-fault.ts';
export { NO_FAULTS, runSimulator, seeded } from './simulator.ts';
export type * from './simulator-contract.ts';
export { EXCHANGE } from './simulator-folder.ts';
export { controlRoutes, runAlone } from './simulator-process.ts';
export { openSoap, type SoapAnswer, type SoapCall, type SoapClient, type SoapOptions } from './soap/client.ts';
export { soapRoute, soapTokenCheck } from './soap/simulator-route.ts';
export type { UsernameToken } from './soap/token.ts';
export { type FieldIssue, isTrouble, Trouble, type TroubleDetail } from './trouble.ts';
export type { XmlSource } from './xml/decode.ts';
export { xmlJson } from './xml/json.ts';
export type { XmlLimits, XmlRecord } from './xml/parse.ts';
export { xmlIn, xmlRecords } from './xml/read.ts';
export {
  attributeOf,
  element,
  elementAt,
  elementsIn,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
  xmlTextAt,
  xmlTextOf,
} from './xml/tree.ts';
export { type XmlLayout, xmlText } from './xml/write.ts';
export { openXsd, type Xsd, type XsdIssue } from './xml/xsd.ts';
