/** The commands that give a table's figures alone. */
import type { Study } from '../study.js';
import type { StudyClip } from '../study-clip.js';

/** Models as options; none for the one that ships. */
function modelOptions(study: Study): string {
  const folders = study.models.flatMap(({ folder }) => (folder === undefined ? [] : [folder]));
  return folders.length === 0 ? '' : ` --model ${folders.join(' ')}`;
}

/** `twnet benchmark clip` on a clip; what renders it first, where it is a street. */
export function clipCommand(study: Study, clip: StudyClip, options = '--layer 1'): string[] {
  const { gop, starts } = study.contents.protocol;
  const protocol = `${gop === 12 ? '' : ` --gop ${gop}`}${starts > 1 ? ' --all-starts' : ''}`;
  return [
    ...(clip.preparation === undefined ? [] : [clip.preparation]),
    `twnet benchmark clip ${clip.options} ${options}${protocol}${modelOptions(study)}`,
  ];
}
