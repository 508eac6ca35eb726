"""esComments: comment records on users and spaces (contract 2.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.item_comments import owner_in_place
from resellerplan.simpanel.rights import Demand, account_check, may_access_user
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.tree import BELOW_USER

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

READ_RIGHTS = rule("get_comments.rights", "2.6", "Comments by users under somebody out of reach are a rights fault.")
WRITTEN_BELOW = rule("get_comments.written_below", "2.6", "Only comments written by users at or below userId are listed.")
EF_FAULT = rule("get_comments.ef_fault", "2.6, 7.4.14", "By EF a read faults as soon as there is a comment.")
ADD_ACCOUNT = rule("add_comment.account", "5.1", "A comment is added by an active account that is no demo.")
DELETE_ACCOUNT = rule("delete_comment.account", "5.1", "A comment is deleted by an active account that is no demo.")
TYPE_GIVEN = rule("add_comment.type_given", "2.6", "A comment without a type of item is a fault: the column takes no null.")
ADD_UNCHECKED = rule("add_comment.unchecked", "2.6", "AddComment checks no rights.")
TEXT_CUT = rule("add_comment.text_cut", "2.6, 3.4", "Stored procedures cut the text at 1000.")
DELETE_RIGHTS = rule("delete_comment.rights", "2.6, 5.3", "Deleting somebody else's comment is a fault (stored procedures: gone).")

_COLUMNS = (
    "CommentId:int! ItemTypeId:string ItemId:int! UserId:int! CreatedDate:dateTime CommentText:string SeverityId:int "
    "Username:string FirstName:string LastName:string FullName:string RoleId:int! Email:string"
)


@operation("esComments", "GetComments")
def get_comments(call: Call, *, userId: int, itemTypeId: str | None, itemId: int) -> DataSet:
    """Oldest first; a peer's id stands for its owner's."""
    if call.on(READ_RIGHTS) and not may_access_user(call, userId):
        raise call.denied_account()
    author = owner_in_place(call.db, userId)
    rows = call.db.execute(
        f"""
        {BELOW_USER}
        SELECT c.comment_id, c.item_type_id, c.item_id, c.user_id, c.created_date, c.comment_text, c.severity_id, u.username,
            u.first_name, u.last_name, u.first_name || ' ' || u.last_name, u.role_id, u.email
        FROM comments c JOIN users u ON u.user_id = c.user_id
        WHERE c.item_type_id = ? AND c.item_id = ? AND (? OR c.user_id IN (?, ?) OR c.user_id IN (SELECT user_id FROM below))
        ORDER BY c.created_date, c.comment_id
        """,
        (author, itemTypeId or "", itemId, not call.on(WRITTEN_BELOW), userId, author),
    ).fetchall()
    if rows and call.ef and call.on(EF_FAULT):
        raise faults.null_reference()
    return dataset(call, (_COLUMNS, [tuple(row) for row in rows]))


@operation("esComments", "AddComment")
def add_comment(call: Call, *, itemTypeId: str | None, itemId: int, commentText: str | None, severityId: int) -> int:
    """0, whatever it is on and whoever that belongs to."""
    if call.on(ADD_ACCOUNT) and (refused := account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE)):
        return refused
    if itemTypeId is None and call.on(TYPE_GIVEN):
        raise faults.not_null(call.flavour, table="Comments", column="ItemTypeID")
    if not call.on(ADD_UNCHECKED) and itemTypeId == "USER" and not may_access_user(call, itemId):
        raise call.denied_account()
    call.db.execute(
        "INSERT INTO comments (item_type_id, item_id, user_id, created_date, comment_text, severity_id) VALUES (?, ?, ?, ?, ?, ?)",
        (
            call.cut(itemTypeId or "", 50),
            itemId,
            max(call.caller.user_id, 1),
            call.now_text(),
            call.cut(commentText, 1000) if call.on(TEXT_CUT) else commentText,
            severityId,
        ),
    )
    return 0


@operation("esComments", "DeleteComment")
def delete_comment(call: Call, *, commentId: int) -> int:
    if call.on(DELETE_ACCOUNT) and (refused := account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE)):
        return refused
    row = call.db.execute("SELECT user_id FROM comments WHERE comment_id = ?", (commentId,)).fetchone()
    if row is not None and call.on(DELETE_RIGHTS) and not may_access_user(call, row[0]):
        call.refuse_rights(faults.OPERATION)
    call.db.execute("DELETE FROM comments WHERE comment_id = ?", (commentId,))
    return 0
