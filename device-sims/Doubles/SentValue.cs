namespace EdgeHub.DeviceSims.Doubles;

/// <summary>One value inside a frame, scaled to the quantity's unit: what a correct reader must come to. NaN where the frame says "no value".</summary>
public readonly record struct SentValue(string Quantity, double Value);
