/** Options about what is written, the same everywhere: `-o, --output`, `--force`. */
import { type Command, Option } from 'commander';

/** `-o, --output`; `--out`, as it was once called, is still taken. */
export function addOutputOption(
  command: Command,
  value: '<dir>' | '<file>',
  description: string,
  from: { readonly default?: string; readonly required?: boolean },
): Command {
  const option = new Option(`-o, --output ${value}`, description);
  if (from.default !== undefined) option.default(from.default);
  if (from.required) option.makeOptionMandatory();
  command.addOption(option).addOption(new Option(`--out ${value}`).hideHelp());
  return command.on('option:out', (path: string) => {
    command.setOptionValueWithSource('output', path, 'cli');
  });
}

export function forceOption(): Option {
  return new Option(
    '--force',
    'overwrite files that exist, and write into folders that twnet did not fill (others in them stay)',
  );
}
