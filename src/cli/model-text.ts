/** `shoes.onnx (4fb86b0ad166)`: what a model is called, and as much of its id as tells it from others. */
export function modelText({ model, modelId }: { readonly model: string; readonly modelId: string }): string {
  // Of imported vectors, an id may be any name.
  const short = /^[0-9a-f]{64}$/.test(modelId) ? modelId.slice(0, 12) : modelId;
  return model === modelId ? short : `${model} (${short})`;
}
