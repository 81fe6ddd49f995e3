/** The commands that give a table's figures alone. */
import { publicName } from '../../stamp/stamp.js';
import type { Study } from '../study.js';
import type { StudyClip } from '../study-clip.js';
import { type StudyModel, trainedLayers } from '../study-model.js';

/** Models as options; none for the one that ships. */
function modelOptions(models: readonly StudyModel[]): string {
  const folders = models.flatMap(({ folder }) => (folder === undefined ? [] : [publicName(folder)]));
  return folders.length === 0 ? '' : ` --model ${folders.join(' ')}`;
}

/** `twnet benchmark clip` on a clip; what renders it first, where it is a street. */
export function clipCommand(
  study: Study,
  clip: StudyClip,
  options = '--layer 1',
  models: readonly StudyModel[] = [study.main],
): string[] {
  const { gop, starts } = study.contents.protocol;
  const protocol = `${gop === 12 ? '' : ` --gop ${gop}`}${starts > 1 ? ' --all-starts' : ''}`;
  return [
    ...(clip.preparation === undefined ? [] : [clip.preparation]),
    `twnet benchmark clip ${clip.options} ${options}${protocol}${modelOptions(models)}`,
  ];
}

/** The same for the variants, at each layer that some of them have. */
export function variantCommands(study: Study, clip: StudyClip): string[] {
  const commands = ([1, 2] as const).flatMap((layer) => {
    const models = study.contents.variants.filter((model) => trainedLayers(model).includes(layer));
    return models.length === 0 ? [] : clipCommand(study, clip, `--layer ${layer}`, models);
  });
  return [...new Set(commands)];
}
