// The package ships no types; this is the part of its interface that the lab uses.
declare module "@echogarden/espeak-ng-emscripten" {
  interface EspeakWorker {
    get_samplerate(): number;
    set_voice(name: string): number;
    set_rate(wordsPerMinute: number): void;
    set_pitch(pitch: number): void;
    synthesize(
      text: string,
      onAudio: (samples: Int16Array | null, events: readonly unknown[]) => boolean,
    ): void;
  }
  interface EspeakModule {
    eSpeakNGWorker: new () => EspeakWorker;
  }
  function loadEspeak(): Promise<EspeakModule>;

  // biome-ignore lint/style/noDefaultExport: it is how the package exports it.
  export { type EspeakWorker, loadEspeak as default };
}
