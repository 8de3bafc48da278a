import type { DecisionName, Desk, HoldKind } from '../model/words.ts';

/** What a hold of one kind says, to whom, and what the person can answer. `{what}` is the line or system it speaks of. */
export interface HoldWords {
  readonly desk: Desk;
  readonly vi: string;
  readonly en: string;
  readonly remedyVi: string;
  readonly remedyEn: string;
  readonly decisions: readonly DecisionName[];
}

const words = (
  desk: Desk,
  [vi, en]: readonly [string, string],
  [remedyVi, remedyEn]: readonly [string, string],
  decisions: readonly DecisionName[],
): HoldWords => ({ desk, vi, en, remedyVi, remedyEn, decisions });

export const HOLD_WORDS: Readonly<Record<HoldKind, HoldWords>> = {
  'unknown-code': words(
    'integrator',
    ['Giá trị của "{what}" chưa có trong bảng đối chiếu mã.', 'The value of "{what}" has no row in its crosswalk.'],
    [
      'Bổ sung dòng vào bảng đối chiếu mã, hoặc chọn mã cho riêng hồ sơ này.',
      'Add a row to the crosswalk, or choose a code for this dossier.',
    ],
    ['value', 'retry'],
  ),
  'split-code': words(
    'official',
    ['"{what}" ứng với nhiều mã mới; cần chọn một mã.', '"{what}" stands for several new codes; one must be chosen.'],
    ['Kiểm tra địa chỉ với công dân rồi chọn.', 'Check the address with the citizen, then choose.'],
    ['value'],
  ),
  invalid: words(
    'official',
    ['Giá trị của "{what}" không hợp lệ nên chưa gửi được.', 'The value of "{what}" is not valid, so nothing was sent.'],
    ['Sửa lại thông tin trong hệ thống một cửa.', 'Correct it in the one-stop system.'],
    ['retry'],
  ),
  conflict: words(
    'official',
    ['Hai hệ thống ghi khác nhau về "{what}".', 'The two systems differ on "{what}".'],
    ['Kiểm tra giấy tờ rồi chọn bên đúng.', 'Check the papers, then choose the right side.'],
    ['ours', 'theirs', 'leave'],
  ),
  'unsaved-edit': words(
    'official',
    [
      '"{what}" đã sửa sau khi hệ thống chuyên ngành cấp kết quả nên không gửi được nữa.',
      '"{what}" was changed after the result was issued and can no longer be sent.',
    ],
    [
      'Nếu kết quả sai, làm thủ tục cải chính; nếu không, lấy theo kết quả.',
      'If the result is wrong, ask for a correction; else take the result.',
    ],
    ['theirs', 'leave'],
  ),
  clear: words(
    'integrator',
    [
      '"{what}" đã bị xoá ở đây nhưng bảng ánh xạ chưa nói cách xoá ở bên kia.',
      '"{what}" was emptied here, and the mapping does not say how to empty it there.',
    ],
    ['Thêm "clear" cho dòng này trong bảng ánh xạ.', 'Add "clear" to this line of the mapping.'],
    ['retry', 'leave'],
  ),
  'closed-phase': words(
    'official',
    [
      'Thay đổi về "{what}" không gửi được vì hệ thống chuyên ngành không nhận sửa ở giai đoạn này.',
      'The change of "{what}" cannot be sent: the ministry takes no change in this phase.',
    ],
    ['Liên hệ cơ quan xử lý để sửa, hoặc để nguyên.', 'Ask the handling office to correct it, or leave it.'],
    ['leave', 'retry'],
  ),
  refused: words(
    'official',
    ['{what} không nhận hồ sơ: có thông tin cần sửa.', '{what} did not take the dossier: something must be corrected.'],
    [
      'Sửa các trường được nêu trong hệ thống một cửa; hồ sơ sẽ tự gửi lại.',
      'Correct the named fields in the one-stop; it is then sent again by itself.',
    ],
    ['retry', 'leave'],
  ),
  setup: words(
    'integrator',
    ['Kết nối với {what} chưa được thiết lập đúng.', 'The connection to {what} is not set up correctly.'],
    [
      'Kiểm tra tài khoản, quyền và địa chỉ kết nối, rồi chọn "thử lại".',
      'Check log-in, rights and address of the connection, then choose "retry".',
    ],
    ['retry'],
  ),
  unsure: words(
    'official',
    ['Chưa rõ {what} đã nhận hồ sơ hay chưa.', 'It is not known whether {what} took the dossier.'],
    [
      'Tra cứu trong phần mềm chuyên ngành: nếu đã có, nhập số hồ sơ; nếu chưa, chọn "gửi lại".',
      'Look it up in the ministry software: if it is there, give its number; if not, choose "resend".',
    ],
    ['resend', 'link', 'leave'],
  ),
  twins: words(
    'official',
    ['{what} có nhiều bản ghi ứng với một hồ sơ.', '{what} holds several records for one dossier.'],
    ['Chọn đúng bản ghi của hồ sơ này.', 'Choose the record that belongs to this dossier.'],
    ['link', 'leave'],
  ),
  vanished: words(
    'operator',
    ['Bản ghi không còn thấy trong {what}.', 'The record is no longer found in {what}.'],
    ['Hỏi đơn vị quản lý hệ thống; nếu đã mất, chọn "gửi lại".', 'Ask the keeper of the system; if it is lost, choose "resend".'],
    ['resend', 'link', 'leave'],
  ),
  'no-result': words(
    'official',
    ['Đã lâu chưa có kết quả từ {what}.', 'No result from {what} for a long time.'],
    [
      'Nếu hồ sơ đã được nhập tay, nhập số của bản ghi đó; nếu chưa, chọn "thử lại".',
      'If it was typed by hand, give the number of that record; else choose "retry".',
    ],
    ['typed', 'retry', 'leave'],
  ),
  'unknown-phase': words(
    'integrator',
    ['{what} báo một mã trạng thái chưa có trong bảng ánh xạ.', '{what} states a stage that the mapping does not know.'],
    ['Thêm mã vào mục "phase" của bảng ánh xạ.', 'Add the code under "phase" of the mapping.'],
    ['retry'],
  ),
  'unknown-answer': words(
    'operator',
    ['{what} trả lời bằng một thông báo chưa biết nghĩa.', '{what} answered in a way no row explains.'],
    ['Bổ sung câu trả lời vào answers.yaml, rồi chọn "thử lại".', 'Add the answer to answers.yaml, then choose "retry".'],
    ['retry', 'resend', 'link', 'leave'],
  ),
  'status-step': words(
    'official',
    [
      'Trạng thái hồ sơ không thể chuyển theo kết quả của hệ thống chuyên ngành.',
      'The status of the dossier cannot follow the ministry’s result.',
    ],
    ['Kiểm tra rồi chuyển trạng thái trong hệ thống một cửa.', 'Check, then set the status in the one-stop.'],
    ['retry', 'leave'],
  ),
  'version-back': words(
    'operator',
    ['Bản ghi trong {what} lùi về trạng thái cũ hơn lần đọc trước.', 'The record in {what} went back behind what was read before.'],
    [
      'Có thể hệ thống vừa phục hồi từ bản sao lưu: hỏi đơn vị quản lý, rồi xác nhận.',
      'The system may have been restored from a backup: ask its keeper, then confirm.',
    ],
    ['confirm', 'ours', 'leave'],
  ),
  'restored-backup': words(
    'operator',
    ['Nhiều bản ghi trong {what} cùng trở về giá trị cũ.', 'Many records in {what} went back to earlier values together.'],
    [
      'Có thể hệ thống vừa phục hồi từ bản sao lưu: hỏi đơn vị quản lý, rồi chọn bên đúng.',
      'The system may have been restored from a backup: ask its keeper, then choose a side.',
    ],
    ['confirm', 'ours', 'leave'],
  ),
  'many-changes': words(
    'operator',
    ['{what} thay đổi quá nhiều trường trong một lần đọc.', '{what} changed more fields in one reading than is believable.'],
    ['Kiểm tra bản ghi ở hệ thống đó rồi xác nhận.', 'Check the record there, then confirm.'],
    ['confirm', 'ours', 'leave'],
  ),
  emptied: words(
    'operator',
    ['{what} không còn nêu giá trị đã có trước đó.', '{what} no longer states values it held before.'],
    ['Kiểm tra bản ghi ở hệ thống đó rồi xác nhận.', 'Check the record there, then confirm.'],
    ['confirm', 'ours', 'leave'],
  ),
  'ended-changed': words(
    'official',
    ['Hồ sơ đã kết thúc nhưng "{what}" khác giữa hai bên.', 'The dossier has ended, yet "{what}" differs between the sides.'],
    ['Nếu là cải chính, lấy theo kết quả; nếu không, để nguyên.', 'If it is a correction take the result, else leave it.'],
    ['theirs', 'leave'],
  ),
  confirm: words(
    'official',
    ['Có nội dung chờ xác nhận trước khi gửi sang {what}.', 'Something waits to be confirmed before it is sent to {what}.'],
    ['Xem nội dung rồi xác nhận.', 'Read it, then confirm.'],
    ['confirm', 'leave'],
  ),
  cap: words(
    'operator',
    ['Đã đạt số lượt gửi tối đa trong ngày sang {what}.', 'The daily cap of {what} is reached.'],
    [
      'Hồ sơ sẽ tự gửi vào ngày mai; hoặc nâng giới hạn trong cấu hình.',
      'It is sent tomorrow by itself; or raise the cap in the configuration.',
    ],
    ['retry'],
  ),
  'expired-procedure': words(
    'official',
    ['Mã thủ tục đã hết hiệu lực vào ngày tiếp nhận.', 'The procedure code was not valid on the day of receipt.'],
    ['Sửa mã thủ tục trong hệ thống một cửa.', 'Correct the procedure code in the one-stop.'],
    ['retry'],
  ),
  'duplicate-code': words(
    'operator',
    ['Hai cơ quan dùng cùng một mã hồ sơ.', 'Two agencies use one dossier code.'],
    ['Sửa mã định danh cơ quan trong hệ thống một cửa.', 'Correct the agency identifiers in the one-stop.'],
    ['retry'],
  ),
  'no-dossier': words(
    'operator',
    ['{what} báo về một hồ sơ chưa có trong motlan.', '{what} speaks of a dossier that is not in motlan.'],
    [
      'Kiểm tra mã hồ sơ ở hệ thống một cửa. Khi hồ sơ được nhập, nội dung đã giữ sẽ tự vào; nếu không phải hồ sơ của tỉnh thì bỏ qua.',
      'Check the code in the one-stop. Once the dossier is entered, what was kept goes in by itself; leave it if it is none of the province.',
    ],
    ['leave'],
  ),
  'second-supplement': words(
    'official',
    [
      'Hệ thống chuyên ngành yêu cầu bổ sung lần nữa; chuyển sang "yêu cầu bổ sung" lần thứ hai thì hồ sơ bị tính là quá hạn.',
      'A ministry asks for a supplement once more; a second "supplement requested" makes the dossier count as overdue.',
    ],
    [
      'Liên hệ cơ quan xử lý để làm rõ trước; nếu vẫn phải bổ sung thì xác nhận.',
      'Ask the handling office first; confirm if a supplement is needed all the same.',
    ],
    ['confirm', 'leave'],
  ),
  'legs-open': words(
    'official',
    ['Đã trả kết quả nhưng còn nhánh chưa xong: {what}.', 'Handed over while a leg is still open: {what}.'],
    ['Chờ nhánh đó kết thúc, hoặc tách thành hồ sơ riêng.', 'Wait for that leg, or split it off.'],
    ['confirm', 'leave'],
  ),
  'typed-differs': words(
    'official',
    [
      'Bản ghi ở bên kia khác hồ sơ về "{what}"; bên đó chỉ nhập bằng tay.',
      'The record there differs on "{what}"; it is typed by hand there.',
    ],
    [
      'So với giấy tờ: hồ sơ đúng thì chọn "ours" để có phiếu sửa bên kia; bên kia đúng thì chọn "theirs"; đó là bản ghi của người khác thì chọn "typed" và nhập số đúng.',
      'Compare with the papers: if the dossier is right choose "ours" and a sheet to correct it follows; if the record is right choose "theirs"; if it is another one’s record choose "typed" and give the right number.',
    ],
    ['ours', 'theirs', 'typed', 'retry', 'leave'],
  ),
  'not-visible': words(
    'official',
    ['Hồ sơ đã được nhập tay nhưng vẫn chưa thấy ở {what}.', 'The record was typed by hand and is still not seen at {what}.'],
    [
      'Kiểm tra lại số đã ghi: sai thì chọn "typed" và nhập số đúng; chưa nhập thì chọn "resend" để có phiếu mới; đúng thì chọn "retry".',
      'Check the number: if wrong choose "typed" and give the right one; if it was not typed choose "resend" for a new sheet; else "retry".',
    ],
    ['typed', 'retry', 'resend', 'leave'],
  ),
  'not-exchanged': words(
    'official',
    [
      'Đã lâu mà {what} chưa thấy mã số này; các cơ quan tự trao đổi, không ai nhập ở đây.',
      '{what} has not shown this code for a long time; the authorities exchange it, nobody types it here.',
    ],
    [
      'So mã số với giấy chứng nhận; nếu đúng thì hỏi cơ quan đó rồi chọn "thử lại". Không đăng ký lần hai.',
      'Compare the code with the certificate; if it is right ask that office, then choose "retry". Do not register twice.',
    ],
    ['retry', 'leave'],
  ),
};
