/**
 * Every record of ZooKeeper 3.9's jute definition, one per line: name, then `field:type` in wire order.
 *
 * `id` is a long whose 64 bits are all in use (session ids, owners, digests): a bigint. Other longs are zxids, times and
 * lengths: plain numbers, refused outside ±(2^53 - 1). `boolean?` is the one field that peers may leave off the end.
 */
export const recordDefinitions: string = `
module data
ACL perms:int id:Id
ClientInfo authScheme:ustring user:ustring
Id scheme:ustring id:ustring
Stat czxid:long mzxid:long ctime:long mtime:long version:int cversion:int aversion:int ephemeralOwner:id dataLength:int numChildren:int pzxid:long
StatPersisted czxid:long mzxid:long ctime:long mtime:long version:int cversion:int aversion:int ephemeralOwner:id pzxid:long

module proto
AddWatchRequest path:ustring mode:int
AuthPacket type:int scheme:ustring auth:buffer
CheckVersionRequest path:ustring version:int
CheckWatchesRequest path:ustring type:int
ConnectRequest protocolVersion:int lastZxidSeen:long timeOut:int sessionId:id passwd:buffer readOnly:boolean?
ConnectResponse protocolVersion:int timeOut:int sessionId:id passwd:buffer readOnly:boolean?
Create2Response path:ustring stat:Stat
CreateRequest path:ustring data:buffer acl:vector<ACL> flags:int
CreateResponse path:ustring
CreateTTLRequest path:ustring data:buffer acl:vector<ACL> flags:int ttl:long
DeleteRequest path:ustring version:int
ErrorResponse err:int
ExistsRequest path:ustring watch:boolean
ExistsResponse stat:Stat
GetACLRequest path:ustring
GetACLResponse acl:vector<ACL> stat:Stat
GetAllChildrenNumberRequest path:ustring
GetAllChildrenNumberResponse totalNumber:int
GetChildren2Request path:ustring watch:boolean
GetChildren2Response children:vector<ustring> stat:Stat
GetChildrenRequest path:ustring watch:boolean
GetChildrenResponse children:vector<ustring>
GetDataRequest path:ustring watch:boolean
GetDataResponse data:buffer stat:Stat
GetEphemeralsRequest prefixPath:ustring
GetEphemeralsResponse ephemerals:vector<ustring>
GetMaxChildrenRequest path:ustring
GetMaxChildrenResponse max:int
GetSASLRequest token:buffer
MultiHeader type:int done:boolean err:int
ReconfigRequest joiningServers:ustring leavingServers:ustring newMembers:ustring curConfigId:long
RemoveWatchesRequest path:ustring type:int
ReplyHeader xid:int zxid:long err:int
RequestHeader xid:int type:int
SetACLRequest path:ustring acl:vector<ACL> version:int
SetACLResponse stat:Stat
SetDataRequest path:ustring data:buffer version:int
SetDataResponse stat:Stat
SetMaxChildrenRequest path:ustring max:int
SetSASLRequest token:buffer
SetSASLResponse token:buffer
SetWatches relativeZxid:long dataWatches:vector<ustring> existWatches:vector<ustring> childWatches:vector<ustring>
SetWatches2 relativeZxid:long dataWatches:vector<ustring> existWatches:vector<ustring> childWatches:vector<ustring> persistentWatches:vector<ustring> persistentRecursiveWatches:vector<ustring>
SyncRequest path:ustring
SyncResponse path:ustring
WatcherEvent type:int state:int path:ustring
WhoAmIResponse clientInfo:vector<ClientInfo>

module persistence
FileHeader magic:int version:int dbid:id

module quorum
LearnerInfo serverid:id protocolVersion:int configVersion:long
QuorumAuthPacket magic:id status:int token:buffer
QuorumPacket type:int zxid:long data:buffer authinfo:vector<Id>

module txn
CheckVersionTxn path:ustring version:int
CloseSessionTxn paths2Delete:vector<ustring>
CreateContainerTxn path:ustring data:buffer acl:vector<ACL> parentCVersion:int
CreateSessionTxn timeOut:int
CreateTTLTxn path:ustring data:buffer acl:vector<ACL> parentCVersion:int ttl:long
CreateTxn path:ustring data:buffer acl:vector<ACL> ephemeral:boolean parentCVersion:int
CreateTxnV0 path:ustring data:buffer acl:vector<ACL> ephemeral:boolean
DeleteTxn path:ustring
ErrorTxn err:int
MultiTxn txns:vector<Txn>
SetACLTxn path:ustring acl:vector<ACL> version:int
SetDataTxn path:ustring data:buffer version:int
SetMaxChildrenTxn path:ustring max:int
Txn type:int data:buffer
TxnDigest version:int treeDigest:id
TxnHeader clientId:id cxid:int zxid:long time:long type:int
`
