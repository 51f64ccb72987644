/**
 * What the program says of itself where no catalogue of the page has it: notices, and why something cannot be. The code makes its
 * English of these, so that a page can say it again in the reader's language (messages.ts). `{what}` is another of them.
 */
export const messagesEn = {
  'message.model.not-used': 'model version {version} is not used: {what}',
  'message.model.used-instead': 'model version {version} is used instead',
  'message.model.failed': 'it failed while it judged ({cause})',
  'message.model.not-json': '{file} is not JSON. Train again or roll back.',
  'message.model.missing': 'no readable {file} ({cause}). Train again.',
  'message.model.other-format': 'model format {found}, this program reads {known}. Train again.',
  'message.model.no-manifest': "{file} is not a model's manifest. Train again or roll back.",
  'message.model.other-pack': 'trained with other queries or features than the pack now has. Train again.',
  'message.model.file-gone': '{file} is missing or unreadable ({cause}). Train again or roll back.',
  'message.model.file-other': '{file} is not what was written. Train again or roll back.',
  'message.model.not-loaded': 'it cannot be loaded ({cause}). Train again or roll back.',
  'message.model.example': '{what} Training on the example instead.',
  'message.model.example-both': 'The models that ship are for «both»; training «{algorithm}» instead.',
  'message.model.no-reference': '{user} has no reference model yet.',
  'message.model.too-few': 'a model needs {needed} actions to learn from and has {counted}.',
  'message.model.taken-back':
    "the new model found {after} of this user's later behaviour strange, the one before {before}; that one is used again",
  'message.model.slow-change':
    '{user} works otherwise than on {date}, and came to it so slowly that nothing alarmed: of the latest {n} actions that do not alarm, {share} % would have then. Was that {user}? The page of models asks, and so does: ubad models anchor {user}',
  'message.training.later': 'training failed and is tried again later: {cause}',
  'message.training.failed': 'Training failed: {cause}',
  'message.log.lost': '{n} results of {query} on {host} were lost before they were logged',
  'message.log.odd.prefix':
    'Lines of {path} had something before their JSON, as syslog puts it there, and were unwrapped; others may write into such a log.',
  'message.log.odd.several': 'Lines of {path} held several results and were taken apart.',
  'message.log.odd.array': 'Lines of {path} were those of a JSON array and were unwrapped.',
  'message.log.odd.shipped': 'Lines of {path} were wrapped by a log shipper and were unwrapped.',
  'message.log.odd.future':
    'Lines of {path} claim a time in the future and were taken for as old as the line before: see the machine’s clock.',
  'message.log.cut':
    '{path} lost its end: {n} lines of it were read, {left} are left; reading goes on after those, what was written since may be missed',
  'message.log.replaced.unknown':
    '{path} was replaced while nobody read it; what was written to the old file after line {line} is not among the rotated ones: how much that was is unknown. Rotated files are looked for beside the log only, not where logrotate’s olddir puts them',
  'message.log.emptied':
    '{path} was emptied before it was read to its end; what was written to the old file after line {line} is not among the rotated ones: {n} bytes are known to be lost',
  'message.log.replaced': '{path} was replaced before it could be read; what was written to the old file is not read',
  'message.log.packed':
    '{path}: is packed with {packer}, which is not read here; to unpack it: {command}. The rest of it was not read.',
  'message.log.missing': '{path}: does not exist yet: is osqueryd running?',
  'message.log.denied': '{path}: may not be read by this user; to allow it: {command}',
  'message.log.irregular': '{path}: cannot be read: not a regular file',
  'message.store.full':
    'The disk is full, nothing more can be stored in {path}. Free some space; reading resumes by itself.',
  'message.store.damaged': 'The database {path} is damaged. Start again: it is then checked and put aside.',
  'message.store.read-only':
    'The database {path} cannot be written. Check its permissions and whether its disk is mounted read-only.',
  'message.store.busy': 'Another program holds the database {path}. Close it; this is tried again.',
  'message.store.disk': "The disk failed at {path} ({cause}). Check the disk and the system's log.",
  'message.store.again': '{what} Trying again every {n} s; nothing is lost meanwhile.',
  'message.store.goes-on': 'Storing goes on again.',
  'message.store.not-opened':
    'The store in {folder} cannot be opened: {cause}. Check its permissions and the free space of its disk.',
  'message.store.put-aside':
    'The database {path} is damaged. It was put aside as {aside}, with the models that it knew; a new one begins in its place, which reads the log and learns from its beginning.',
  'message.store.foreign':
    'The file {path} is the database of another program. Move it away, or choose another folder with --state.',
  'message.store.newer':
    'The store {path} was made by a newer version of ubad (store version {found}, this one knows {known}). Nothing was changed. Install that version again, or choose another folder with --state.',
  'message.store.owner':
    'The folder {folder} belongs to another user (uid {uid}). Run as that user, or choose another folder with --state.',
  'message.store.open-folder': 'Other users can write in the folder {folder}. Run: {command}',
  'message.store.in-use': 'Another ubad is writing to {folder}. Stop it first, or choose another folder with --state.',
  'message.store.in-use-by':
    'Another ubad (process {pid}) is writing to {folder}. Stop it first, or choose another folder with --state.',
  'message.store.left': '{path} was put aside earlier and may still hold what was deleted now; delete it by yourself.',
  'message.settings.not-json': '{file} is not a JSON object; it was kept as {aside} and the defaults are used.',
  'message.settings.not-kept': 'The settings cannot be kept in {file}: {cause}. They hold until the program ends.',
  'message.settings.newer':
    '{file} was made by a newer version of ubad (settings version {found}). It is left as it is; changes hold until the program ends.',
  'message.settings.wrong-one':
    '{file}: {name} cannot be so and has its default now. The file as it was is kept as {aside}.',
  'message.settings.wrong':
    '{file}: {names} cannot be so and have their defaults now. The file as it was is kept as {aside}.',
  'message.desktop.no-tray': 'This desktop shows no tray icons; ubad works without. Start it again to see its window.',
  'message.desktop.not-locked':
    'The screen could not be locked: neither loginctl nor this desktop could. Lock it by hand, and see that a screen locker is installed.',
  'message.desktop.not-normal': 'Alert {id} could not be called normal: {cause}',
  'message.of': '{user}: {what}',
} as const;
