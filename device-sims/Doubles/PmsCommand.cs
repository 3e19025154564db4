namespace EdgeHub.DeviceSims.Doubles;

/// <summary>A host command of the PMS5003 (data manual V2.5, appendix II): <c>42 4D code data-high data-low sum-high sum-low</c>.</summary>
/// <param name="Code">What to change or do.</param>
/// <param name="Data">To what: 0 is passive or sleep, 1 is active or wake.</param>
public readonly record struct PmsCommand(byte Code, ushort Data)
{
    /// <summary>Passive or active mode.</summary>
    public const byte ChangeMode = 0xE1;

    /// <summary>Send one frame, in passive mode.</summary>
    public const byte Read = 0xE2;

    /// <summary>Sleep or wake.</summary>
    public const byte ChangeSleep = 0xE4;
}
