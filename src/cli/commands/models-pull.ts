import type { Command } from 'commander';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions, type BackboneOptionFlags, backboneOptionsOf } from '../backbone-options.js';
import { addOutputOptions } from '../common-options.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { wrappedFacts } from '../wrapped-text.js';

interface PullFlags extends CommonFlags, BackboneOptionFlags {
  readonly revision?: string;
}

const more = `
Downloads go on where they were cut off, are held against the checksum that the
hub gives, and are kept under $IMAGEKIN_HOME/models.

Environment:
  HF_ENDPOINT       another server, as a mirror (default: huggingface.co)
  HF_TOKEN          for models that are private or gated
  HF_HUB_OFFLINE=1  use what is here already, and no network

Examples:
  imagekin models pull dinov2-small
  imagekin search ./photos cat.jpg --model dinov2-small
  imagekin models pull Xenova/resnet-50 --output penultimate
  imagekin models pull owner/name:onnx/model_fp16.onnx --revision v1.0`;

export function addModelsPullCommand(models: Command, perform: Perform): void {
  const command = models
    .command('pull')
    .summary('download a model from the Hugging Face hub')
    .description('Downloads a model from the Hugging Face hub and makes a model file of it.')
    .argument('<model>', 'a name of "imagekin models list", owner/name, or owner/name:path/to/model.onnx')
    .option('--revision <name>', 'a branch, tag or commit (default: main)');
  addOutputOptions(addBackboneOptions(command))
    .addHelpText('after', more)
    .action((model: string, flags: PullFlags) => perform(flags, (session) => pull(model, flags, session)));
}

async function pull(name: string, flags: PullFlags, session: Session): Promise<Outcome> {
  const result = await runInWorker('pull', {
    name,
    revision: flags.revision,
    backbone: backboneOptionsOf(flags),
    onProgress: session.onProgress,
    signal: session.signal,
  });
  const { repository, file, commit } = result;
  return {
    document: result,
    text: wrappedFacts(result, [['from', `${repository}/${file}, commit ${commit.slice(0, 12)}`]]),
    hints: [`Use it: imagekin search <gallery> <image...> --model ${result.name}`],
  };
}
