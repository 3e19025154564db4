namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>What goes out, and how much may come back.</summary>
/// <param name="AnswerBytes">Length of the answer, to know how long the line needs for it.</param>
#pragma warning disable CA1815 // Never compared.
public readonly record struct BusQuestion(ReadOnlyMemory<byte> Bytes, int AnswerBytes);
#pragma warning restore CA1815
