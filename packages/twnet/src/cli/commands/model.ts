/** `twnet model import NET.onnx`: a segmentation network of another program becomes a model folder. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { decimal } from '../option-values.js';
import { forceOption } from '../output-option.js';
import type { ModelImportFlags } from './model-import.js';

/** As lists here, since loading what they are of takes long. */
const RANGES = [
  'imagenet',
  '0..1',
  '0..255',
  '-1..1',
] as const satisfies readonly ModelImportFlags['range'][];
const LAYOUTS = ['NCHW', 'NHWC'] as const;

const DETAILS = `
What a file does not say is taken from a Hugging Face preprocessor_config.json beside it, from options, or assumed, and
all of it is told. The network is tried on a picture, a rendered street unless one is given; picture.png in the model's
folder shows what it made of it. Classes are a JSON file (a list of names, of { "name", "color" }, an object from ids to
names, or a Hugging Face config.json with id2label), or camvid or cityscapes.

Examples:
  twnet model import segformer/model.onnx --classes segformer/config.json --picture street.jpg
  twnet model import unet.onnx --classes classes.json --range 0..1 -o models/unet
  twnet segment drive.mp4 --model models/unet`;

export function registerModelCommand(program: Command): void {
  const model = program.command('model').description('segmentation networks of other programs, as models');
  const command = model
    .command('import')
    .description('a model folder of any segmentation network in an ONNX file')
    .argument('<network>', 'ONNX file; its external data beside it')
    .option(
      '--classes <file>',
      'names of its classes (default: id2label of a config.json beside it, else their numbers)',
    )
    .option('-o, --output <dir>', "folder to write (default: the file's name without its ending)")
    .option('--picture <image>', 'picture to try it on (default: a rendered street)');
  addPixelOptions(command);
  command
    .option(
      '--size <WxH>',
      'size of its pictures, where the file leaves it free: frames are resized to it',
      anySize,
    )
    .option('--input <name>', 'the input that takes the picture')
    .option('--scores <name>', 'the output that says the classes, where several could')
    .addOption(
      new Option('--layout <layout>', 'of its picture, where the file leaves it open').choices(LAYOUTS),
    )
    .option('--name <name>', "of the model (default: the file's name)")
    .option('--licence <text>', 'of its weights, for the card')
    .addOption(forceOption())
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', DETAILS)
    .action(async (file: string, flags: ModelImportFlags) => {
      const { importModelFile } = await import('./model-import.js');
      await importModelFile(file, flags);
    });
}

function addPixelOptions(command: Command): void {
  command
    .option(
      '--preprocessor <file>',
      'Hugging Face preprocessor_config.json (default: the one beside the network, if there is one)',
    )
    .addOption(
      new Option(
        '--range <range>',
        'of its pixels: imagenet ((x/255 - mean)/deviation), 0..1, 0..255, -1..1 (default: imagenet)',
      ).choices(RANGES),
    )
    .option(
      '--mean <r,g,b>',
      'subtracted from each channel: of 0..1, or of 0..255 where one is above 1',
      triple,
    )
    .option('--std <r,g,b>', 'each channel is divided by, likewise', divisors)
    .option('--bgr', 'its channels are blue, green, red');
}

function triple(text: string): [number, number, number] {
  const values = text.split(',').map(decimal);
  if (values.length !== 3 || !values.every(Number.isFinite))
    throw new InvalidArgumentError('It must be three numbers, such as 0.485,0.456,0.406.');
  return values as [number, number, number];
}

function divisors(text: string): [number, number, number] {
  const values = triple(text);
  if (values.includes(0)) throw new InvalidArgumentError('None of them may be 0.');
  return values;
}

/** `513x513`. */
function anySize(text: string): { width: number; height: number } {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  const [width, height] = match ? match.slice(1).map(Number) : [0, 0];
  if (width < 16 || height < 16 || width > 16384 || height > 16384)
    throw new InvalidArgumentError('It must be like 513x513, from 16 to 16384.');
  return { width, height };
}
