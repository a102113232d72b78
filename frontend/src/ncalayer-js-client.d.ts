// The part of the client library that is used; it comes without types.

declare module "ncalayer-js-client" {
  export class NCALayerError extends Error {
    canceledByUser?: boolean;
  }

  interface SigningParameters {
    decode: boolean;
    encapsulate: boolean;
    digested: boolean;
  }

  interface SignerParameters {
    extKeyUsageOids: string[];
  }

  export class NCALayerClient {
    constructor(url?: string, allowKmdHttpApi?: boolean);

    static readonly basicsStorageAll: null;
    static readonly basicsCMSParamsDetachedNoTSP: SigningParameters;
    static readonly basicsSignerAny: SignerParameters;
    static readonly fileStorageType: string;

    kmdHttpApiUrl: string;
    wsConnection: WebSocket | null;
    onResponseReady: ((response: string) => void) | null;

    connect(): Promise<string>;
    basicsSignCMS(
      storages: string[] | null,
      data: string,
      signing: SigningParameters,
      signer: SignerParameters,
      locale: string,
    ): Promise<string>;
    getActiveTokens(): Promise<string[]>;
    createCAdESFromBase64(storage: string, data: string, keyType: string): Promise<string>;

    kmdMultisignAvailable(): Promise<boolean>;
    startKmdMultisign(count: number, base64: boolean, encapsulate: boolean): Promise<void>;
    kmdMultisignNext(data: string): Promise<string>;
  }
}
