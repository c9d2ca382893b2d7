import type { Command } from 'commander';
import { runInWorker } from '../../app/worker/run-in-worker.js';
import { addBackboneOptions, type BackboneOptionFlags, backboneOptionsOf } from '../backbone-options.js';
import { addOutputOptions } from '../common-options.js';
import type { CommonFlags, Outcome, Perform, Session } from '../session.js';
import { wrappedFacts } from '../wrapped-text.js';

interface WrapFlags extends CommonFlags, BackboneOptionFlags {
  readonly out: string;
}

const more = `
The model file holds the model with its preprocessing, and needs no flags. Other
commands take the ONNX model itself as well, with the same flags.

Examples:
  imagekin models wrap dinov2/onnx/model.onnx -o dinov2.onnx
  imagekin models wrap mobilenet.onnx -o m.onnx --mean 0.5 --std 0.5
  imagekin models wrap vit.onnx -o v.onnx --preprocessing vit.json --pooling cls`;

export function addModelsWrapCommand(models: Command, perform: Perform): void {
  const command = models
    .command('wrap')
    .summary('make a model file of an ONNX model from elsewhere')
    .description('Makes a model file of an ONNX model from elsewhere.')
    .argument('<backbone>', 'an ONNX model that takes images and gives vectors, tokens or feature maps')
    .requiredOption('-o, --out <file>', 'where the model file goes');
  addOutputOptions(addBackboneOptions(command))
    .addHelpText('after', more)
    .action((backbone: string, flags: WrapFlags) =>
      perform(flags, (session) => wrap(backbone, flags, session)),
    );
}

async function wrap(backbone: string, flags: WrapFlags, { signal }: Session): Promise<Outcome> {
  const result = await runInWorker('wrap', {
    backbone,
    out: flags.out,
    flags: backboneOptionsOf(flags),
    signal,
  });
  return { document: result, text: wrappedFacts(result, [['made of', backbone]]) };
}
